package io.kubra.transport.io;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class InboundBytesTest {
  @Test
  void smallPiecesThatWaitDoNotHoldTheirBuffers() throws Exception {
    InboundBytes bytes = new InboundBytes(null, Integer.MAX_VALUE, n -> {});
    List<ByteBuf> pieces = new ArrayList<>();
    for (int i = 0; i < 50_000; i++) {
      ByteBuf piece = Unpooled.wrappedBuffer(new byte[] {(byte) i});
      pieces.add(piece);
      bytes.offer(piece);
    }
    assertThat(pieces).filteredOn(piece -> piece.refCnt() > 0).hasSize(1);
    bytes.finish();

    byte[] all = bytes.readAllBytes();

    assertThat(all).hasSize(50_000);
    for (int i = 0; i < all.length; i++) {
      assertThat(all[i]).isEqualTo((byte) i);
    }
    assertThat(pieces).allMatch(piece -> piece.refCnt() == 0);
  }
}
