package io.kubra.node.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Any;
import io.grpc.Server;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.kubra.metrics.MetricRegistry;
import io.kubra.node.cri.CriClient;
import io.kubra.node.cri.v1.ContainerdEvents;
import io.kubra.node.cri.v1.Cri;
import io.kubra.node.cri.v1.EventsGrpc;
import io.kubra.node.cri.v1.RuntimeServiceGrpc;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class RuntimeWatchTest {
  /** A runtime with one container that ends at once, and that shows it some lists later. */
  private static final class SlowToTell extends RuntimeServiceGrpc.RuntimeServiceImplBase {
    private static final int LISTS_UNTIL_EXITED = 15;
    final AtomicInteger lists = new AtomicInteger();

    @Override
    public void listPodSandbox(
        Cri.ListPodSandboxRequest request, StreamObserver<Cri.ListPodSandboxResponse> answer) {
      answer.onNext(Cri.ListPodSandboxResponse.getDefaultInstance());
      answer.onCompleted();
    }

    @Override
    public void listContainers(
        Cri.ListContainersRequest request, StreamObserver<Cri.ListContainersResponse> answer) {
      int list = lists.incrementAndGet();
      Cri.ContainerState state =
          list == 1
              ? Cri.ContainerState.CONTAINER_CREATED
              : list < LISTS_UNTIL_EXITED
                  ? Cri.ContainerState.CONTAINER_RUNNING
                  : Cri.ContainerState.CONTAINER_EXITED;
      answer.onNext(
          Cri.ListContainersResponse.newBuilder()
              .addContainers(
                  Cri.Container.newBuilder()
                      .setId("c1")
                      .putLabels(Labels.POD_UID, "uid-1")
                      .setState(state))
              .build());
      answer.onCompleted();
    }
  }

  /** Start and end of the container, in one breath. */
  private static final class Events extends EventsGrpc.EventsImplBase {
    @Override
    public void subscribe(
        ContainerdEvents.SubscribeRequest request,
        StreamObserver<ContainerdEvents.Envelope> events) {
      var task =
          Any.newBuilder()
              .setValue(
                  ContainerdEvents.TaskExit.newBuilder()
                      .setContainerId("c1")
                      .setId("c1")
                      .build()
                      .toByteString());
      for (String topic : List.of("/tasks/start", "/tasks/exit")) {
        events.onNext(
            ContainerdEvents.Envelope.newBuilder().setTopic(topic).setEvent(task).build());
      }
    }
  }

  @Test
  void anEndThatTheRuntimeShowsLateIsNotLeftToTheNextTurn() throws Exception {
    SlowToTell runtime = new SlowToTell();
    Server server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .addService(runtime)
            .addService(new Events())
            .build()
            .start();
    List<String> told = new CopyOnWriteArrayList<>();
    CriClient cri =
        CriClient.over(
            NettyChannelBuilder.forAddress("127.0.0.1", server.getPort()).usePlaintext().build());
    try (cri;
        RuntimeWatch watch = new RuntimeWatch(cri, told::add, new MetricRegistry())) {
      // By turns alone the fifteenth list would come after a minute.
      await().until(() -> runtime.lists.get() >= SlowToTell.LISTS_UNTIL_EXITED);
      await().until(() -> told.size() == 3);
      assertThat(told).containsOnly("uid-1");
    } finally {
      server.shutdownNow();
      server.awaitTermination();
    }
  }
}
