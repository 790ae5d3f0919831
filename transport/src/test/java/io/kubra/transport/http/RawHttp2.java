package io.kubra.transport.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** HTTP/2 frames by hand over a plain socket, for what no client library would send (RFC 9113). */
final class RawHttp2 implements AutoCloseable {
  static final int DATA = 0;
  static final int HEADERS = 1;
  static final int RST_STREAM = 3;
  static final int SETTINGS = 4;
  static final int GOAWAY = 7;
  static final int END_STREAM = 1;
  static final int PROTOCOL_ERROR = 1;
  static final int ENHANCE_YOUR_CALM = 11;
  private static final int END_HEADERS = 4;
  private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(ISO_8859_1);

  /** A frame that the server sent. */
  record Frame(int type, int flags, int stream, byte[] payload) {
    /** The error code of a reset or of a farewell. */
    int error() {
      int at = type == GOAWAY ? 4 : 0;
      return payload[at + 3] & 0xff;
    }
  }

  private final Socket socket;
  private final OutputStream out;
  private final DataInputStream in;

  RawHttp2(HttpServer server) throws IOException {
    socket = new Socket("127.0.0.1", server.port());
    socket.setSoTimeout(30_000);
    socket.setTcpNoDelay(true);
    out = socket.getOutputStream();
    in = new DataInputStream(socket.getInputStream());
    out.write(PREFACE);
    send(SETTINGS, 0, 0, new byte[0]);
  }

  void send(int type, int flags, int stream, byte[] payload) throws IOException {
    ByteArrayOutputStream frame = new ByteArrayOutputStream(9 + payload.length);
    frame.write(payload.length >> 16);
    frame.write(payload.length >> 8);
    frame.write(payload.length);
    frame.write(type);
    frame.write(flags);
    for (int shift = 24; shift >= 0; shift -= 8) {
      frame.write(stream >> shift);
    }
    frame.write(payload);
    out.write(frame.toByteArray());
  }

  /** Begins a stream with these fields, each a literal of HPACK that is not indexed. */
  void headers(int stream, boolean end, List<Map.Entry<String, String>> fields) throws IOException {
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    for (Map.Entry<String, String> field : fields) {
      block.write(0);
      literal(block, field.getKey());
      literal(block, field.getValue());
    }
    send(HEADERS, END_HEADERS | (end ? END_STREAM : 0), stream, block.toByteArray());
  }

  private static void literal(ByteArrayOutputStream block, String text) {
    byte[] bytes = text.getBytes(ISO_8859_1);
    if (bytes.length < 127) {
      block.write(bytes.length);
    } else {
      block.write(127);
      int rest = bytes.length - 127;
      for (; rest >= 128; rest >>>= 7) {
        block.write(rest % 128 | 128);
      }
      block.write(rest);
    }
    block.writeBytes(bytes);
  }

  /** The fields of a plain request, and further ones. */
  @SafeVarargs
  static List<Map.Entry<String, String>> request(
      String method, Map.Entry<String, String>... further) {
    List<Map.Entry<String, String>> fields = new ArrayList<>();
    fields.add(Map.entry(":method", method));
    fields.add(Map.entry(":scheme", "http"));
    fields.add(Map.entry(":authority", "localhost"));
    fields.add(Map.entry(":path", "/"));
    fields.addAll(List.of(further));
    return fields;
  }

  void reset(int stream) throws IOException {
    send(RST_STREAM, 0, stream, new byte[] {0, 0, 0, 8});
  }

  /** The next frame of one of these types; others are passed over. */
  Frame await(int... types) throws IOException {
    while (true) {
      int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
      int type = in.readUnsignedByte();
      int flags = in.readUnsignedByte();
      int stream = in.readInt();
      byte[] payload = in.readNBytes(length);
      if (payload.length < length) {
        throw new EOFException("in the middle of a frame");
      }
      for (int wanted : types) {
        if (type == wanted) {
          return new Frame(type, flags, stream, payload);
        }
      }
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
