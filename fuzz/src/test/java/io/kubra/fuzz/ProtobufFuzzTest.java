package io.kubra.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.kubra.api.protobuf.ProtobufCodec;
import io.kubra.api.status.ApiException;
import java.util.Map;

class ProtobufFuzzTest {
  @FuzzTest(maxDuration = "60s")
  void bytesAreRefusedOrSurviveBeingWrittenAndReadAgain(byte[] bytes) {
    Map<String, Object> object;
    try {
      object = ProtobufCodec.decode(bytes);
    } catch (ApiException refused) {
      assertThat(refused.code()).isEqualTo(400);
      return;
    }
    byte[] written = ProtobufCodec.encode(object);

    assertThat(ProtobufCodec.encode(ProtobufCodec.decode(written))).isEqualTo(written);
  }
}
