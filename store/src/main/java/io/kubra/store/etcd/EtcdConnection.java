package io.kubra.store.etcd;

import io.grpc.ManagedChannel;
import io.grpc.NameResolverRegistry;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.kubra.store.StoreException;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;

/** The connection to an etcd: HTTP/2 over TLS, made again by itself when it breaks. */
final class EtcdConnection implements AutoCloseable {
  private static final int LARGEST_MESSAGE = 1 << 30;

  static {
    NameResolverRegistry.getDefaultRegistry().register(new EtcdEndpoints());
  }

  private final EventLoopGroup loop =
      new MultiThreadIoEventLoopGroup(
          1, Thread.ofPlatform().name("etcd").daemon().factory(), NioIoHandler.newFactory());
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final ManagedChannel channel;

  EtcdConnection(EtcdConfig config) {
    NettyChannelBuilder builder =
        NettyChannelBuilder.forTarget(EtcdEndpoints.target(config.endpoints()))
            .eventLoopGroup(loop)
            .channelType(NioSocketChannel.class)
            .executor(threads)
            .maxInboundMessageSize(LARGEST_MESSAGE)
            .keepAliveTime(30, TimeUnit.SECONDS)
            .keepAliveTimeout(10, TimeUnit.SECONDS);
    if (config.secure()) {
      secure(builder, config);
    } else {
      builder.usePlaintext();
    }
    channel = builder.build();
  }

  private static void secure(NettyChannelBuilder builder, EtcdConfig config) {
    try {
      SslContextBuilder tls = SslContextBuilder.forClient();
      if (config.caFile() != null) {
        tls.trustManager(config.caFile().toFile());
      }
      if (config.certFile() != null && config.keyFile() != null) {
        tls.keyManager(config.certFile().toFile(), config.keyFile().toFile());
      }
      builder.sslContext(GrpcSslContexts.configure(tls, SslProvider.JDK).build());
    } catch (SSLException | IllegalArgumentException e) {
      throw new StoreException("the certificates for etcd cannot be used: " + e.getMessage(), e);
    }
  }

  ManagedChannel channel() {
    return channel;
  }

  /** Makes it try at once to connect again, however long it would still have waited. */
  void hurry() {
    channel.resetConnectBackoff();
  }

  @Override
  public void close() {
    channel.shutdownNow();
    try {
      channel.awaitTermination(2, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    threads.shutdown();
    loop.shutdownGracefully(0, 2, TimeUnit.SECONDS);
  }
}
