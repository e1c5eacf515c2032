/** All of Weft for Java: declares, proves, trains, scores, samples, draws and saves models. */
module io.weft.core {
  requires io.weft.models;
  requires transitive io.weft.drawing;
  requires transitive io.weft.jvm;
  requires transitive io.weft.tensorflow;
  requires transitive io.weft.watch;
}
