/** Trained models that come with Weft: resources alone, which io.weft.jvm finds and loads. */
module io.weft.models {}
