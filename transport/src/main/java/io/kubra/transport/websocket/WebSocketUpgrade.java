package io.kubra.transport.websocket;

import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.websocketx.Utf8FrameValidator;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameEncoder;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.concurrent.ThreadLocalRandom;

/** Turns a connection whose handshake is done into a WebSocket. Event loop only. */
public final class WebSocketUpgrade {
  private static final String MAGIC = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  static final int MAX_MESSAGE = 16 * 1024 * 1024;

  private WebSocketUpgrade() {}

  /** The {@code Sec-WebSocket-Accept} that answers a {@code Sec-WebSocket-Key}. */
  public static String accept(String key) {
    try {
      MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
      byte[] digest = sha1.digest((key + MAGIC).getBytes(StandardCharsets.US_ASCII));
      return Base64.getEncoder().encodeToString(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-1", e);
    }
  }

  /** A fresh {@code Sec-WebSocket-Key}. */
  public static String newKey() {
    byte[] nonce = new byte[16];
    ThreadLocalRandom.current().nextBytes(nonce);
    return Base64.getEncoder().encodeToString(nonce);
  }

  /** Adds the handlers for messages. */
  public static WebSocket install(ChannelPipeline pipeline, boolean client, String subprotocol) {
    frames(pipeline, client);
    pipeline.addLast(new Utf8FrameValidator());
    WebSocketChannel channel = new WebSocketChannel(pipeline.channel(), subprotocol);
    pipeline.addLast(channel);
    return channel;
  }

  /** Adds the handlers for a byte stream inside binary messages; its user is added after them. */
  public static void installTunnel(ChannelPipeline pipeline, boolean client) {
    frames(pipeline, client);
    pipeline.addLast(new WebSocketTunnel());
  }

  private static void frames(ChannelPipeline pipeline, boolean client) {
    WebSocketDecoderConfig config =
        WebSocketDecoderConfig.newBuilder()
            .expectMaskedFrames(!client)
            .allowMaskMismatch(false)
            .allowExtensions(false)
            .maxFramePayloadLength(MAX_MESSAGE)
            .closeOnProtocolViolation(true)
            .build();
    pipeline.addLast(new WebSocket13FrameDecoder(config));
    pipeline.addLast(new WebSocket13FrameEncoder(client));
  }
}
