/** Weft's Kotlin DSL: receiver-lambda builders and flows over the core. */
module io.weft.dsl {
  requires transitive io.weft.core;
  requires transitive kotlin.stdlib;
  requires transitive kotlinx.coroutines.core;

  exports io.weft.dsl;
}
