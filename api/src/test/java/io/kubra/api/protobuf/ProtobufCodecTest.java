package io.kubra.api.protobuf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.kubra.api.json.Json;
import io.kubra.api.meta.GroupVersionKind;
import io.kubra.api.schema.Catalogue;
import io.kubra.api.schema.Schema;
import io.kubra.api.status.ApiException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ProtobufCodecTest {
  private static Map<String, Object> tree(String json) {
    return Json.parseObject(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void everyObjectOfTheCatalogueSurvivesTheRoundTrip() {
    long seed = new Random().nextLong();
    RandomTrees trees = new RandomTrees(seed);
    List<String> tried = new ArrayList<>();
    for (String name : Catalogue.builtin().typeNames()) {
      Schema schema = Catalogue.builtin().type(name);
      if (schema.kind() != Schema.Kind.OBJECT || schema.field("apiVersion") == null) {
        continue;
      }
      String[] parts = name.split("\\.");
      String kind = parts[parts.length - 1];
      Message layout = layout(name);
      if (layout == null || schema.fields().isEmpty()) {
        continue;
      }
      for (int round = 0; round < 3; round++) {
        Map<String, Object> tree = trees.object(schema, 0);
        ProtobufOutput out = new ProtobufOutput();
        new TreeWriter(out).message(layout, tree);
        byte[] bytes = out.toByteArray();
        Map<String, Object> back =
            new TreeReader().message(layout, new ProtobufInput(bytes, 0, bytes.length));
        if (schema.field("apiVersion") != null) {
          back.remove("apiVersion");
          back.remove("kind");
        }
        assertThat(back).as("%s, seed %d", name, seed).isEqualTo(tree);
      }
      tried.add(kind);
    }
    assertThat(tried).contains("Pod", "Deployment", "CustomResourceDefinition", "IngressClass");
  }

  /** The layout of a type by its name in the catalogue. */
  private static Message layout(String type) {
    String name = type.substring(3);
    name = name.replace("apiextensions-apiserver", "apiextensions_apiserver");
    return Messages.builtin().named("k8s.io." + name.substring(4).replace("kube-agg", "kube_agg"));
  }

  @Test
  void aConfigMapHasTheBytesThatGoWrites() {
    byte[] body =
        ProtobufCodec.encode(
            tree(
                "{'apiVersion':'v1','kind':'ConfigMap','metadata':{'name':'a'},'data':{'k':'v'}}"));
    assertThat(HexFormat.of().formatHex(body))
        .isEqualTo(
            "6b387300"
                + "0a0f0a0276311209436f6e6669674d6170"
                + "120d"
                + "0a030a0161"
                + "12060a016b120176");
  }

  @Test
  void zeroesThatGoHoldsByValueReadAsAbsentAndPointersToZeroAsZero() {
    Map<String, Object> tree =
        tree(
            "{'apiVersion':'apps/v1','kind':'Deployment','metadata':{'name':'d','namespace':'',"
                + "'generation':0},'spec':{'replicas':0,'minReadySeconds':0,'paused':false}}");
    assertThat(ProtobufCodec.decode(ProtobufCodec.encode(tree)))
        .isEqualTo(
            tree(
                "{'apiVersion':'apps/v1','kind':'Deployment','metadata':{'name':'d'},"
                    + "'spec':{'replicas':0}}"));
  }

  @Test
  void optionsComeUnderAnyGroup() {
    Map<String, Object> options =
        tree("{'apiVersion':'batch/v1','kind':'DeleteOptions','propagationPolicy':'Background'}");
    assertThat(ProtobufCodec.decode(ProtobufCodec.encode(options))).isEqualTo(options);
  }

  @Test
  void customResourcesHaveNoProtobufForm() {
    assertThat(ProtobufCodec.supports(new GroupVersionKind("example.com", "v1", "Widget")))
        .isFalse();
    assertThat(ProtobufCodec.supports(new GroupVersionKind("apps", "v1", "Deployment"))).isTrue();
    Map<String, Object> widget = new LinkedHashMap<>(tree("{'apiVersion':'e.com/v1','kind':'W'}"));
    assertThat(catchThrowableOfType(ApiException.class, () -> ProtobufCodec.encode(widget)).code())
        .isEqualTo(406);
  }

  @Test
  void brokenBytesAreABadRequest() {
    byte[] body =
        ProtobufCodec.encode(
            tree("{'apiVersion':'v1','kind':'Pod','metadata':{'name':'a'},'spec':{'priority':7}}"));
    Random random = new Random();
    for (int i = 0; i < 2000; i++) {
      long seed = random.nextLong();
      Random broken = new Random(seed);
      byte[] copy = java.util.Arrays.copyOf(body, broken.nextInt(body.length + 1));
      for (int j = 0; j < 2 && copy.length > 0; j++) {
        copy[broken.nextInt(copy.length)] = (byte) broken.nextInt();
      }
      try {
        ProtobufCodec.decode(copy);
      } catch (ApiException e) {
        assertThat(e.code()).as("seed %d", seed).isEqualTo(400);
      }
    }
  }

  @Test
  void aWatchFrameCarriesItsLength() {
    byte[] frame = ProtobufCodec.watchFrame("ADDED", new byte[] {1, 2, 3});
    assertThat(HexFormat.of().formatHex(frame)).isEqualTo("0000000e0a05414444454412050a03010203");
  }
}
