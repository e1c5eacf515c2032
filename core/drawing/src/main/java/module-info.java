/** Masks, receptive fields, layer graphs and reports of models, as pictures. */
// The layout library has no module descriptors; the jar that is published has what it needs of it
// inside.
@SuppressWarnings("requires-automatic")
module io.weft.drawing {
  requires org.slf4j;
  requires static org.eclipse.elk.alg.layered;
  requires static org.eclipse.elk.core;
  requires static org.eclipse.elk.graph;
  requires static org.eclipse.emf.common;
  requires static transitive org.jspecify;
  requires transitive io.weft.jvm;
  requires transitive java.desktop;

  exports io.weft.explain;
}
