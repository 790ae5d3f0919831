package io.kubra.transport.spdy;

import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.spdy.SpdyFrameCodec;
import io.netty.handler.codec.spdy.SpdyVersion;

/** Turns a connection whose upgrade is done into a SPDY/3.1 session. Event loop only. */
public final class SpdyUpgrade {
  private static final int MAX_CHUNK = 64 * 1024;
  private static final int MAX_HEADERS = 64 * 1024;

  private SpdyUpgrade() {}

  /** Adds the handlers; {@code server} decides who numbers streams how. */
  public static SpdyConnection install(ChannelPipeline pipeline, boolean server) {
    pipeline.addLast(
        new SpdyFrameCodec(SpdyVersion.SPDY_3_1, MAX_CHUNK, MAX_HEADERS, 6, 15, 8, false));
    SpdySession session = new SpdySession(pipeline.channel(), server);
    pipeline.addLast(session);
    return session;
  }
}
