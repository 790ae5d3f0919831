package io.kubra.node.cri;

import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.kubra.metrics.MetricRegistry;
import io.kubra.node.cri.v1.Cri;
import io.kubra.node.cri.v1.ImageServiceGrpc;
import io.kubra.node.cri.v1.ImageServiceGrpc.ImageServiceBlockingStub;
import io.kubra.node.cri.v1.RuntimeServiceGrpc;
import io.kubra.node.cri.v1.RuntimeServiceGrpc.RuntimeServiceBlockingStub;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Calls the container runtime. Every method blocks until the runtime has answered and throws {@link
 * CriException} if it refuses or cannot be reached; an interrupted caller gets the exception too.
 * Safe for use by many threads.
 */
public final class CriClient implements AutoCloseable {
  private static final Duration CALL = Duration.ofMinutes(2);
  private static final Duration SANDBOX = Duration.ofMinutes(4);
  private static final int LARGEST_MESSAGE = 16 << 20;

  private final ManagedChannel channel;
  private final Runnable afterClose;
  private final RuntimeServiceBlockingStub runtime;
  private final ImageServiceBlockingStub images;

  private CriClient(ManagedChannel channel, Runnable afterClose, MetricRegistry metrics) {
    this.channel = channel;
    this.afterClose = afterClose;
    Channel counted = ClientInterceptors.intercept(channel, new RuntimeOperations(metrics));
    this.runtime = RuntimeServiceGrpc.newBlockingStub(counted);
    this.images = ImageServiceGrpc.newBlockingStub(counted);
  }

  /** A client of the runtime that listens on a unix socket; connects with the first call. */
  public static CriClient connect(Path socket) {
    return connect(socket, new MetricRegistry());
  }

  /**
   * As {@link #connect(Path)}.
   *
   * @param metrics where the calls are counted
   */
  public static CriClient connect(Path socket, MetricRegistry metrics) {
    var group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    ManagedChannel channel =
        NettyChannelBuilder.forAddress(UnixDomainSocketAddress.of(socket))
            .channelType(NioDomainSocketChannel.class, UnixDomainSocketAddress.class)
            .eventLoopGroup(group)
            // Set for every kind of socket, and unknown to this one.
            .withOption(ChannelOption.SO_KEEPALIVE, null)
            .overrideAuthority("localhost")
            .usePlaintext()
            .directExecutor()
            .maxInboundMessageSize(LARGEST_MESSAGE)
            .build();
    return new CriClient(
        channel,
        () -> {
          var unused = group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        },
        metrics);
  }

  /** A client on a channel that somebody else made; closing the client closes the channel. */
  public static CriClient over(ManagedChannel channel) {
    return new CriClient(channel, () -> {}, new MetricRegistry());
  }

  /** The connection, for the services that the runtime offers beside the CRI. */
  ManagedChannel channel() {
    return channel;
  }

  /** Tries to reconnect at once instead of waiting out the pause after a failed attempt. */
  public void reconnect() {
    channel.resetConnectBackoff();
  }

  private static <T> T call(Supplier<T> call) {
    try {
      return call.get();
    } catch (StatusRuntimeException e) {
      throw new CriException(e);
    }
  }

  private RuntimeServiceBlockingStub runtime(Duration timeout) {
    return runtime.withDeadlineAfter(timeout.toMillis(), TimeUnit.MILLISECONDS);
  }

  private ImageServiceBlockingStub images(Duration timeout) {
    return images.withDeadlineAfter(timeout.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Name and version of the runtime. */
  public Cri.VersionResponse version() {
    return call(() -> runtime(CALL).version(Cri.VersionRequest.getDefaultInstance()));
  }

  /** Whether the runtime and its network are ready. */
  public Cri.StatusResponse status() {
    return call(() -> runtime(CALL).status(Cri.StatusRequest.getDefaultInstance()));
  }

  /** As {@link #status}, with what the runtime says beyond the protocol: its configuration. */
  public Cri.StatusResponse verboseStatus() {
    return call(
        () -> runtime(CALL).status(Cri.StatusRequest.newBuilder().setVerbose(true).build()));
  }

  /** Tells the runtime which addresses the pods of this node get. */
  public void updatePodCidr(String podCidr) {
    var config =
        Cri.RuntimeConfig.newBuilder()
            .setNetworkConfig(Cri.NetworkConfig.newBuilder().setPodCidr(podCidr));
    call(
        () ->
            runtime(CALL)
                .updateRuntimeConfig(
                    Cri.UpdateRuntimeConfigRequest.newBuilder().setRuntimeConfig(config).build()));
  }

  /** Creates and starts a sandbox; returns its id. */
  public String runPodSandbox(Cri.PodSandboxConfig config, String runtimeHandler) {
    var request =
        Cri.RunPodSandboxRequest.newBuilder()
            .setConfig(config)
            .setRuntimeHandler(runtimeHandler)
            .build();
    return call(() -> runtime(SANDBOX).runPodSandbox(request).getPodSandboxId());
  }

  /** Stops a sandbox and what runs in it at once, and releases its network. */
  public void stopPodSandbox(String id) {
    var request = Cri.StopPodSandboxRequest.newBuilder().setPodSandboxId(id).build();
    call(() -> runtime(CALL).stopPodSandbox(request));
  }

  /** Removes a sandbox and its containers. */
  public void removePodSandbox(String id) {
    var request = Cri.RemovePodSandboxRequest.newBuilder().setPodSandboxId(id).build();
    call(() -> runtime(CALL).removePodSandbox(request));
  }

  /** The state of one sandbox. */
  public Cri.PodSandboxStatus podSandboxStatus(String id) {
    var request = Cri.PodSandboxStatusRequest.newBuilder().setPodSandboxId(id).build();
    return call(() -> runtime(CALL).podSandboxStatus(request).getStatus());
  }

  /** All sandboxes that carry the labels. */
  public List<Cri.PodSandbox> podSandboxes(Map<String, String> labels) {
    var request =
        Cri.ListPodSandboxRequest.newBuilder()
            .setFilter(Cri.PodSandboxFilter.newBuilder().putAllLabelSelector(labels))
            .build();
    return call(() -> runtime(CALL).listPodSandbox(request).getItemsList());
  }

  /** Creates a container; returns its id. */
  public String createContainer(
      String sandbox, Cri.ContainerConfig config, Cri.PodSandboxConfig sandboxConfig) {
    var request =
        Cri.CreateContainerRequest.newBuilder()
            .setPodSandboxId(sandbox)
            .setConfig(config)
            .setSandboxConfig(sandboxConfig)
            .build();
    return call(() -> runtime(CALL).createContainer(request).getContainerId());
  }

  /** Starts a created container. */
  public void startContainer(String id) {
    var request = Cri.StartContainerRequest.newBuilder().setContainerId(id).build();
    call(() -> runtime(CALL).startContainer(request));
  }

  /** Asks a container to stop and kills it when the time is up; returns when it is gone. */
  public void stopContainer(String id, Duration grace) {
    var request =
        Cri.StopContainerRequest.newBuilder()
            .setContainerId(id)
            .setTimeout(grace.toSeconds())
            .build();
    call(() -> runtime(CALL.plus(grace)).stopContainer(request));
  }

  /** Removes a container. */
  public void removeContainer(String id) {
    var request = Cri.RemoveContainerRequest.newBuilder().setContainerId(id).build();
    call(() -> runtime(CALL).removeContainer(request));
  }

  /** All containers that carry the labels. */
  public List<Cri.Container> containers(Map<String, String> labels) {
    var request =
        Cri.ListContainersRequest.newBuilder()
            .setFilter(Cri.ContainerFilter.newBuilder().putAllLabelSelector(labels))
            .build();
    return call(() -> runtime(CALL).listContainers(request).getContainersList());
  }

  /** The state of one container. */
  public Cri.ContainerStatus containerStatus(String id) {
    var request = Cri.ContainerStatusRequest.newBuilder().setContainerId(id).build();
    return call(() -> runtime(CALL).containerStatus(request).getStatus());
  }

  /** Runs a command in a container and waits for its end; no timeout if zero. */
  public Cri.ExecSyncResponse execSync(String id, List<String> command, Duration timeout) {
    var request =
        Cri.ExecSyncRequest.newBuilder()
            .setContainerId(id)
            .addAllCmd(command)
            .setTimeout(timeout.toSeconds())
            .build();
    // The runtime enforces the timeout itself; the deadline only guards against its silence.
    return call(
        () ->
            timeout.isZero()
                ? runtime.execSync(request)
                : runtime(timeout.plusSeconds(10)).execSync(request));
  }

  /** Prepares a command with streams; returns the address to connect to. */
  public String exec(Cri.ExecRequest request) {
    return call(() -> runtime(CALL).exec(request).getUrl());
  }

  /** Prepares the streams of a container's main process; returns the address to connect to. */
  public String attach(Cri.AttachRequest request) {
    return call(() -> runtime(CALL).attach(request).getUrl());
  }

  /** Prepares connections to ports of a sandbox; returns the address to connect to. */
  public String portForward(Cri.PortForwardRequest request) {
    return call(() -> runtime(CALL).portForward(request).getUrl());
  }

  /** Makes a container's log be written to a new file, after the old one was renamed. */
  public void reopenContainerLog(String id) {
    var request = Cri.ReopenContainerLogRequest.newBuilder().setContainerId(id).build();
    call(() -> runtime(CALL).reopenContainerLog(request));
  }

  /** What all containers use at the moment. */
  public List<Cri.ContainerStats> containerStats() {
    var request = Cri.ListContainerStatsRequest.getDefaultInstance();
    return call(() -> runtime(CALL).listContainerStats(request).getStatsList());
  }

  /** Changes the resources of a running container. */
  public void updateContainerResources(String id, Cri.LinuxContainerResources resources) {
    var request =
        Cri.UpdateContainerResourcesRequest.newBuilder()
            .setContainerId(id)
            .setLinux(resources)
            .build();
    call(() -> runtime(CALL).updateContainerResources(request));
  }

  /** All images. */
  public List<Cri.Image> images() {
    var request = Cri.ListImagesRequest.getDefaultInstance();
    return call(() -> images(CALL).listImages(request).getImagesList());
  }

  /** An image by name, digest or id, or null if it is not present. */
  public Cri.@Nullable Image image(String name) {
    var request =
        Cri.ImageStatusRequest.newBuilder()
            .setImage(Cri.ImageSpec.newBuilder().setImage(name))
            .build();
    var response = call(() -> images(CALL).imageStatus(request));
    return response.hasImage() && !response.getImage().getId().isEmpty()
        ? response.getImage()
        : null;
  }

  /** Pulls an image, however long it takes; returns its reference. */
  public String pullImage(
      Cri.ImageSpec image, Cri.@Nullable AuthConfig auth, Cri.PodSandboxConfig sandbox) {
    var request = Cri.PullImageRequest.newBuilder().setImage(image).setSandboxConfig(sandbox);
    if (auth != null) {
      request.setAuth(auth);
    }
    return call(() -> images.pullImage(request.build()).getImageRef());
  }

  /** Removes an image. */
  public void removeImage(String image) {
    var request =
        Cri.RemoveImageRequest.newBuilder()
            .setImage(Cri.ImageSpec.newBuilder().setImage(image))
            .build();
    call(() -> images(CALL).removeImage(request));
  }

  /** The file systems that hold images. */
  public Cri.ImageFsInfoResponse imageFsInfo() {
    return call(() -> images(CALL).imageFsInfo(Cri.ImageFsInfoRequest.getDefaultInstance()));
  }

  @Override
  public void close() {
    channel.shutdownNow();
    afterClose.run();
  }
}
