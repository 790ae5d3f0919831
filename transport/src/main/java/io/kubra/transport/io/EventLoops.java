package io.kubra.transport.io;

import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;

/**
 * The process's event loops: daemon threads shared by all servers and clients, started when first
 * used. They use the JDK's selectors: Netty's native epoll channel (4.2.18) drops its registration
 * when the peer half-closes while nothing else is awaited, and then breaks the next write that has
 * to wait, which cuts upgraded connections short.
 */
public final class EventLoops {
  private EventLoops() {}

  private static final class Holder {
    static final EventLoopGroup GROUP = create();

    private static EventLoopGroup create() {
      int threads = Math.max(2, Math.min(8, Runtime.getRuntime().availableProcessors()));
      return new MultiThreadIoEventLoopGroup(
          threads, new DefaultThreadFactory("kubra-io", true), NioIoHandler.newFactory());
    }
  }

  /** The shared loops; never shut down. */
  public static EventLoopGroup shared() {
    return Holder.GROUP;
  }

  /** The kind of listening channel for TCP or a unix domain socket. */
  public static Class<? extends ServerChannel> listening(boolean unix) {
    return unix ? NioServerDomainSocketChannel.class : NioServerSocketChannel.class;
  }

  /** The kind of connecting channel for TCP or a unix domain socket. */
  public static Class<? extends Channel> connecting(boolean unix) {
    return unix ? NioDomainSocketChannel.class : NioSocketChannel.class;
  }

  /** A unix domain socket's address in the form that the channels here take. */
  public static SocketAddress unixAddress(Path path) {
    return UnixDomainSocketAddress.of(path);
  }
}
