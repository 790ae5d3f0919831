package io.kubra.network.dns;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The resolvers that answer for names outside the cluster, asked in turn. */
record Upstream(List<InetAddress> servers) {
  private static final int TIMEOUT_MILLIS = 2000;

  /** The name servers of a resolv.conf, without those that would lead back to this server. */
  static Upstream fromResolvConf(Path file, InetAddress self) {
    List<InetAddress> servers = new ArrayList<>();
    try {
      for (String line : Files.readAllLines(file)) {
        String[] words = line.strip().split("\\s+");
        if (words.length >= 2 && words[0].equals("nameserver")) {
          InetAddress server = InetAddress.ofLiteral(words[1]);
          if (!server.equals(self)) {
            servers.add(server);
          }
        }
      }
    } catch (IOException | IllegalArgumentException e) {
      return new Upstream(List.copyOf(servers));
    }
    return new Upstream(List.copyOf(servers));
  }

  /** Asks over UDP; the answer may be cut, in which case the client asks again over TCP. */
  byte[] overUdp(byte[] query) throws IOException {
    IOException failure = new IOException("no name server is configured");
    for (InetAddress server : servers) {
      try (DatagramSocket socket = new DatagramSocket()) {
        socket.setSoTimeout(TIMEOUT_MILLIS);
        socket.connect(server, 53);
        socket.send(new DatagramPacket(query, query.length));
        byte[] buffer = new byte[65535];
        DatagramPacket answer = new DatagramPacket(buffer, buffer.length);
        do {
          socket.receive(answer);
        } while (answer.getLength() < 2 || buffer[0] != query[0] || buffer[1] != query[1]);
        return java.util.Arrays.copyOf(buffer, answer.getLength());
      } catch (IOException e) {
        failure = e;
      }
    }
    throw failure;
  }

  /** Asks over TCP. */
  byte[] overTcp(byte[] query) throws IOException {
    IOException failure = new IOException("no name server is configured");
    for (InetAddress server : servers) {
      try (Socket socket = new Socket()) {
        socket.setSoTimeout(TIMEOUT_MILLIS);
        socket.connect(new InetSocketAddress(server, 53), TIMEOUT_MILLIS);
        DataOutputStream out = new DataOutputStream(socket.getOutputStream());
        out.writeShort(query.length);
        out.write(query);
        out.flush();
        DataInputStream in = new DataInputStream(socket.getInputStream());
        byte[] answer = new byte[in.readUnsignedShort()];
        in.readFully(answer);
        return answer;
      } catch (IOException e) {
        failure = e;
      }
    }
    throw failure;
  }
}
