/** Histories, curves, sheets of samples, checkpoints and event files of training runs. */
@SuppressWarnings("requires-automatic")
module io.weft.watch {
  requires com.fasterxml.jackson.databind;
  requires com.fasterxml.jackson.dataformat.csv;
  requires org.knowm.xchart;
  requires org.slf4j;
  requires static transitive org.jspecify;
  requires tensorflow.nativelib;
  requires transitive io.weft.jvm;
  requires transitive java.desktop;

  exports io.weft.watch;

  opens io.weft.watch to
      com.fasterxml.jackson.databind;
}
