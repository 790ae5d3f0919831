package io.kubra.transport.io;

import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;

/**
 * The process's event loops: daemon threads shared by all servers and clients, started when first
 * used. epoll where its native library loads, else the JDK's selectors.
 */
public final class EventLoops {
  private static final boolean EPOLL = Epoll.isAvailable();

  private EventLoops() {}

  private static final class Holder {
    static final EventLoopGroup GROUP = create();

    private static EventLoopGroup create() {
      IoHandlerFactory io = EPOLL ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
      int threads = Math.max(2, Math.min(8, Runtime.getRuntime().availableProcessors()));
      return new MultiThreadIoEventLoopGroup(
          threads, new DefaultThreadFactory("kubra-io", true), io);
    }
  }

  /** The shared loops; never shut down. */
  public static EventLoopGroup shared() {
    return Holder.GROUP;
  }

  /** The kind of listening channel for TCP or a unix domain socket. */
  public static Class<? extends ServerChannel> listening(boolean unix) {
    if (unix) {
      return EPOLL ? EpollServerDomainSocketChannel.class : NioServerDomainSocketChannel.class;
    }
    return EPOLL ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
  }

  /** The kind of connecting channel for TCP or a unix domain socket. */
  public static Class<? extends Channel> connecting(boolean unix) {
    if (unix) {
      return EPOLL ? EpollDomainSocketChannel.class : NioDomainSocketChannel.class;
    }
    return EPOLL ? EpollSocketChannel.class : NioSocketChannel.class;
  }

  /** A unix domain socket's address in the form that the channels here take. */
  public static SocketAddress unixAddress(Path path) {
    return EPOLL ? new DomainSocketAddress(path.toFile()) : UnixDomainSocketAddress.of(path);
  }
}
