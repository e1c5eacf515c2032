module com.example.program {
  requires io.weft.core;
}
