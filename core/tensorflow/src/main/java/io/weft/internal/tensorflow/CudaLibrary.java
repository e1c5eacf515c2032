package io.weft.internal.tensorflow;

/**
 * The libraries of CUDA 12, cuDNN 9 and NCCL that TensorFlow 2.18 opens by their bare names when it
 * first looks for a GPU, and those that these open or link to, in an order in which each finds what
 * it needs.
 */
enum CudaLibrary {
  CUDART("libcudart.so.12"),
  NVJITLINK("libnvJitLink.so.12"),
  CUBLAS_LT("libcublasLt.so.12"),
  CUBLAS("libcublas.so.12"),
  CUFFT("libcufft.so.11"),
  CUSPARSE("libcusparse.so.12"),
  CUSOLVER("libcusolver.so.11"),
  CUPTI("libcupti.so.12"),
  NVRTC_BUILTINS("libnvrtc-builtins.so.12.6"),
  NVRTC("libnvrtc.so.12"),
  CUDNN_GRAPH("libcudnn_graph.so.9"),
  CUDNN_OPS("libcudnn_ops.so.9"),
  CUDNN_CNN("libcudnn_cnn.so.9"),
  CUDNN_ADV("libcudnn_adv.so.9"),
  CUDNN_HEURISTIC("libcudnn_heuristic.so.9"),
  CUDNN_ENGINES("libcudnn_engines_precompiled.so.9"),
  CUDNN_COMPILED_ENGINES("libcudnn_engines_runtime_compiled.so.9"),
  CUDNN("libcudnn.so.9"),
  NCCL("libnccl.so.2");

  private final String file;

  CudaLibrary(String file) {
    this.file = file;
  }

  /** Returns the name under which it is opened. */
  String file() {
    return file;
  }

  /**
   * Returns whether TensorFlow itself opens it. The others are a matter of those: another version
   * of CUDA 12 may have them under other names.
   */
  boolean isOpenedByTensorFlow() {
    return switch (this) {
      case CUDART, CUBLAS_LT, CUBLAS, CUFFT, CUSPARSE, CUSOLVER, CUPTI, CUDNN, NCCL -> true;
      case NVJITLINK,
          NVRTC_BUILTINS,
          NVRTC,
          CUDNN_GRAPH,
          CUDNN_OPS,
          CUDNN_CNN,
          CUDNN_ADV,
          CUDNN_HEURISTIC,
          CUDNN_ENGINES,
          CUDNN_COMPILED_ENGINES ->
          false;
    };
  }
}
