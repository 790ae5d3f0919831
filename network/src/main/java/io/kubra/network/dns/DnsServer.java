package io.kubra.network.dns;

import io.kubra.client.informer.InformerFactory;
import io.kubra.network.dns.DnsAnswer.Code;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.BindException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves DNS over UDP and TCP on one address. Names of the cluster are answered on the receiving
 * thread, from memory; questions for others are forwarded on a virtual thread each, a bounded
 * number at a time.
 */
public final class DnsServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DnsServer.class);
  private static final int TTL_SECONDS = 5;
  private static final int FORWARDED_AT_ONCE = 256;
  private static final int TCP_IDLE_MILLIS = 10_000;

  private final ClusterRecords records;
  private final Upstream upstream;
  private final DatagramSocket udp;
  private final ServerSocket tcp;
  private final Semaphore forwarding = new Semaphore(FORWARDED_AT_ONCE);

  /**
   * Starts to serve; until the informers have synchronised, names of the cluster are answered with
   * SERVFAIL, so that clients ask again.
   *
   * @param zone the cluster's domain, for example {@code cluster.local}
   * @param resolvConf where the upstream resolvers are named
   * @throws IOException if the address is taken
   */
  public DnsServer(
      InetSocketAddress address, String zone, Path resolvConf, InformerFactory informers)
      throws IOException {
    this.records = new ClusterRecords(zone, informers);
    this.upstream = Upstream.fromResolvConf(resolvConf, address.getAddress());
    Sockets sockets = Sockets.bind(address);
    this.udp = sockets.udp();
    this.tcp = sockets.tcp();
    Thread.ofPlatform().daemon().name("dns-udp").start(this::serveUdp);
    Thread.ofVirtual().name("dns-tcp").start(this::serveTcp);
  }

  /** Both transports on one port. */
  private record Sockets(DatagramSocket udp, ServerSocket tcp) {
    private static final int ATTEMPTS = 50;

    /** A free port of one transport may be taken in the other, so any port takes several tries. */
    static Sockets bind(InetSocketAddress address) throws IOException {
      int left = address.getPort() == 0 ? ATTEMPTS : 1;
      while (true) {
        DatagramSocket udp = new DatagramSocket(address);
        try {
          return new Sockets(udp, new ServerSocket(udp.getLocalPort(), 128, address.getAddress()));
        } catch (IOException e) {
          udp.close();
          if (!(e instanceof BindException) || --left == 0) {
            throw e;
          }
        }
      }
    }
  }

  /** The port served, of use when 0 was asked for. */
  public int port() {
    return udp.getLocalPort();
  }

  private void serveUdp() {
    byte[] buffer = new byte[4096];
    while (!udp.isClosed()) {
      try {
        DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
        udp.receive(packet);
        byte[] message = Arrays.copyOf(buffer, packet.getLength());
        InetSocketAddress client = (InetSocketAddress) packet.getSocketAddress();
        DnsQuery query = DnsQuery.parse(message);
        if (query == null) {
          continue;
        }
        Optional<DnsAnswer> own = records.answer(query);
        if (own.isPresent()) {
          send(own.get().encode(query, records.zone(), TTL_SECONDS, query.udpSize()), client);
        } else if (forwarding.tryAcquire()) {
          Thread.startVirtualThread(() -> forward(query, message, client));
        }
      } catch (SocketException e) {
        LOG.debug("DNS over UDP ends: {}", e.getMessage());
      } catch (IOException | RuntimeException e) {
        LOG.warn("a DNS question failed: {}", e.toString());
      }
    }
  }

  private void forward(DnsQuery query, byte[] message, InetSocketAddress client) {
    try {
      byte[] answer;
      try {
        answer = upstream.overUdp(message);
      } catch (IOException e) {
        answer = failure(query);
      }
      send(answer, client);
    } catch (IOException e) {
      LOG.debug("DNS answer not sent: {}", e.getMessage());
    } finally {
      forwarding.release();
    }
  }

  private byte[] failure(DnsQuery query) {
    return DnsAnswer.failure(Code.SERVER_FAILURE).encode(query, records.zone(), TTL_SECONDS, 512);
  }

  private void send(byte[] answer, InetSocketAddress client) throws IOException {
    udp.send(new DatagramPacket(answer, answer.length, client));
  }

  private void serveTcp() {
    while (!tcp.isClosed()) {
      try {
        Socket socket = tcp.accept();
        Thread.startVirtualThread(() -> converse(socket));
      } catch (IOException e) {
        LOG.debug("DNS over TCP: {}", e.getMessage());
      }
    }
  }

  private void converse(Socket socket) {
    try (socket) {
      socket.setSoTimeout(TCP_IDLE_MILLIS);
      DataInputStream in = new DataInputStream(socket.getInputStream());
      DataOutputStream out = new DataOutputStream(socket.getOutputStream());
      while (true) {
        byte[] message = new byte[in.readUnsignedShort()];
        in.readFully(message);
        DnsQuery query = DnsQuery.parse(message);
        if (query == null) {
          return;
        }
        Optional<DnsAnswer> own = records.answer(query);
        byte[] answer;
        if (own.isPresent()) {
          answer = own.get().encode(query, records.zone(), TTL_SECONDS, 65535);
        } else {
          try {
            answer = upstream.overTcp(message);
          } catch (IOException e) {
            answer = failure(query);
          }
        }
        out.writeShort(answer.length);
        out.write(answer);
        out.flush();
      }
    } catch (EOFException e) {
      LOG.trace("DNS client done");
    } catch (IOException e) {
      LOG.debug("DNS over TCP: {}", e.getMessage());
    }
  }

  /** Stops serving. */
  @Override
  public void close() {
    udp.close();
    try {
      tcp.close();
    } catch (IOException e) {
      LOG.debug("closing DNS: {}", e.getMessage());
    }
  }

  /** The address served on, for a node that has it on its loopback interface. */
  public InetAddress address() {
    return udp.getLocalAddress();
  }
}
