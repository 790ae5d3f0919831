package io.kubra.node.cri;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.kubra.metrics.CounterFamily;
import io.kubra.metrics.Histogram;
import io.kubra.metrics.HistogramFamily;
import io.kubra.metrics.MetricRegistry;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Counts and times the calls of the container runtime under upstream's names. */
final class RuntimeOperations implements ClientInterceptor {
  private static final double[] SECONDS = Histogram.exponential(0.005, 2.5, 14);

  /** Where upstream's name is not the method's in lower case. */
  private static final Map<String, String> NAMES =
      Map.of(
          "RunPodSandbox", "run_podsandbox",
          "StopPodSandbox", "stop_podsandbox",
          "RemovePodSandbox", "remove_podsandbox",
          "PodSandboxStatus", "podsandbox_status",
          "ListPodSandbox", "list_podsandbox",
          "UpdateContainerResources", "update_container");

  private final Map<String, String> operations = new ConcurrentHashMap<>();
  private final CounterFamily calls;
  private final CounterFamily errors;
  private final HistogramFamily seconds;

  RuntimeOperations(MetricRegistry registry) {
    this.calls =
        registry.counter(
            "kubelet_runtime_operations_total",
            "Cumulative number of runtime operations by operation type.",
            "operation_type");
    this.errors =
        registry.counter(
            "kubelet_runtime_operations_errors_total",
            "Cumulative number of runtime operation errors by operation type.",
            "operation_type");
    this.seconds =
        registry.histogram(
            "kubelet_runtime_operations_duration_seconds",
            "Duration in seconds of runtime operations. Broken down by operation type.",
            SECONDS,
            "operation_type");
  }

  @Override
  public <Q, A> ClientCall<Q, A> interceptCall(
      MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
    String operation =
        operations.computeIfAbsent(
            String.valueOf(method.getBareMethodName()), RuntimeOperations::operation);
    long began = System.nanoTime();
    return new SimpleForwardingClientCall<>(next.newCall(method, options)) {
      @Override
      public void start(Listener<A> listener, Metadata headers) {
        super.start(
            new SimpleForwardingClientCallListener<>(listener) {
              @Override
              public void onClose(Status status, Metadata trailers) {
                ended(operation, status, began);
                super.onClose(status, trailers);
              }
            },
            headers);
      }
    };
  }

  private void ended(String operation, Status status, long began) {
    calls.with(operation).increment();
    seconds.with(operation).observeSince(began);
    if (!status.isOk()) {
      errors.with(operation).increment();
    }
  }

  private static String operation(String method) {
    String known = NAMES.get(method);
    return known != null
        ? known
        : method.replaceAll("(?<=.)(?=\\p{Lu})", "_").toLowerCase(Locale.ROOT);
  }
}
