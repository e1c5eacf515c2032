/** Training, scoring and sampling as TensorFlow graphs, which io.weft.jvm finds as a service. */
module io.weft.tensorflow {
  requires com.fasterxml.jackson.databind;
  requires io.weft.jvm;
  requires org.slf4j;
  requires static transitive org.jspecify;
  requires transitive tensorflow;

  exports io.weft.lower;

  uses io.weft.lower.LayerForm;

  provides io.weft.engine.EngineProvider with
      io.weft.internal.tensorflow.TensorFlowProvider;
  provides io.weft.lower.LayerForm with
      io.weft.internal.tensorflow.form.BatchNormalisationForm,
      io.weft.internal.tensorflow.form.CausalConvolutionForm,
      io.weft.internal.tensorflow.form.DropoutForm,
      io.weft.internal.tensorflow.form.LayerNormalisationForm,
      io.weft.internal.tensorflow.form.PositionalNormalisationForm,
      io.weft.internal.tensorflow.form.ShiftedConvolutionForm,
      io.weft.internal.tensorflow.form.TransposedConvolutionForm,
      io.weft.internal.tensorflow.form.TransposedShiftedConvolutionForm,
      io.weft.internal.tensorflow.form.UnmaskedConvolutionForm;
}
