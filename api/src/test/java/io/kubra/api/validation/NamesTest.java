package io.kubra.api.validation;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubra.api.json.Json;
import io.kubra.api.status.FieldError;
import io.kubra.api.status.FieldPath;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NamesTest {
  private static final FieldPath METADATA = FieldPath.of("metadata");

  private static Map<String, Object> json(String text) {
    return Json.parseObject(text.getBytes(StandardCharsets.UTF_8));
  }

  private static List<String> messages(List<FieldError> errors) {
    return errors.stream().map(FieldError::message).toList();
  }

  @Test
  void aBadSubdomainIsExplained() {
    assertThat(Names.dns1123Subdomain("Bad_Name"))
        .containsExactly(
            "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-'"
                + " or '.', and must start and end with an alphanumeric character (e.g."
                + " 'example.com', regex used for validation is"
                + " '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')");
    assertThat(Names.dns1123Subdomain("a.b-c.d0")).isEmpty();
    assertThat(Names.dns1123Subdomain("a".repeat(254)))
        .containsExactly("must be no more than 253 bytes");
  }

  @Test
  void aBadLabelIsExplained() {
    assertThat(Names.dns1123Label("a.b")).containsExactly("must not contain dots");
    assertThat(Names.dns1123Label("-a"))
        .containsExactly(
            "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-',"
                + " and must start and end with an alphanumeric character (e.g. 'my-name',  or"
                + " '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')");
    assertThat(Names.dns1035Label("0a")).hasSize(1);
  }

  @Test
  void qualifiedNamesHaveTwoParts() {
    assertThat(Names.qualifiedName("example.com/My_name")).isEmpty();
    assertThat(Names.qualifiedName("/a")).containsExactly("prefix part must be non-empty");
    assertThat(Names.qualifiedName("a/b/c")).hasSize(1);
    assertThat(Names.qualifiedName("-a").getFirst())
        .startsWith("name part must consist of alphanumeric characters");
    assertThat(Names.labelValue("")).isEmpty();
    assertThat(Names.labelValue("a b")).hasSize(1);
  }

  @Test
  void metadataOfANamespacedObjectNeedsANamespaceAndAName() {
    assertThat(
            messages(ObjectMetaRules.validate(json("{}"), true, Names::dns1123Subdomain, METADATA)))
        .containsExactly(
            "metadata.name: Required value: name or generateName is required",
            "metadata.namespace: Required value");
    assertThat(
            messages(
                ObjectMetaRules.validate(
                    json("{\"name\":\"a\",\"namespace\":\"b\"}"),
                    false,
                    Names::dns1123Subdomain,
                    METADATA)))
        .containsExactly("metadata.namespace: Forbidden: not allowed on this type");
  }

  @Test
  void finalizersMustBeQualifiedAndMayNotGrowOnADyingObject() {
    assertThat(messages(ObjectMetaRules.finalizers(List.of("x"), METADATA)))
        .containsExactly(
            "metadata: Invalid value: \"x\": name is neither a standard finalizer name nor is it"
                + " fully qualified");
    assertThat(
            messages(
                ObjectMetaRules.validateUpdate(
                    json("{\"deletionTimestamp\":\"x\",\"finalizers\":[\"a/b\",\"c/d\"]}"),
                    json("{\"deletionTimestamp\":\"x\",\"finalizers\":[\"a/b\"]}"),
                    METADATA)))
        .containsExactly(
            "metadata.finalizers: Forbidden: no new finalizers can be added if the object is being"
                + " deleted, found new finalizers []string{\"c/d\"}");
  }

  @Test
  void identityIsImmutable() {
    assertThat(
            messages(
                ObjectMetaRules.validateUpdate(
                    json("{\"uid\":\"2\"}"), json("{\"uid\":\"1\"}"), METADATA)))
        .containsExactly("metadata.uid: Invalid value: \"2\": field is immutable");
  }

  @Test
  void onlyOneOwnerControls() {
    String owner =
        "{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"uid\":\"1\",\"controller\":true,\"name\":";
    assertThat(
            messages(
                ObjectMetaRules.parts(
                    json("{\"ownerReferences\":[" + owner + "\"a\"}," + owner + "\"b\"}]}"),
                    METADATA)))
        .singleElement()
        .asString()
        .endsWith(
            "Only one reference can have Controller set to true. Found \"true\" in references for a"
                + " and b");
  }

  @Test
  void addressesAreReadWithoutNames() {
    assertThat(Addresses.ip("10.0.0.1")).isEmpty();
    assertThat(Addresses.ip("::ffff:1.2.3.4")).isEmpty();
    assertThat(Addresses.ip("fe80::1")).isEmpty();
    for (String bad :
        List.of(
            "10.0.0",
            "010.0.0.1",
            "256.1.1.1",
            "localhost",
            "",
            "::g",
            "1::2::3",
            "fe80::1%eth0")) {
      assertThat(Addresses.ip(bad)).as(bad).hasSize(1);
    }
    assertThat(Addresses.cidr("10.0.0.0/8")).isEmpty();
    assertThat(Addresses.cidr("10.0.0.0/33")).hasSize(1);
    assertThat(Addresses.contains("10.96.0.0/12", "10.111.255.1")).isTrue();
    assertThat(Addresses.contains("10.96.0.0/12", "10.112.0.1")).isFalse();
    assertThat(Addresses.contains("fd00::/64", "fd00::5")).isTrue();
  }

  @Test
  void portNamesAndPercentagesAreChecked() {
    assertThat(Names.portName("http-1")).isEmpty();
    assertThat(Names.portName("80")).containsExactly("must contain at least one letter (a-z)");
    assertThat(Numbers.percent("25%")).isEmpty();
    assertThat(Numbers.percent("25")).hasSize(1);
    assertThat(Numbers.scaled("25%", 10, true)).isEqualTo(3);
    assertThat(Numbers.scaled("25%", 10, false)).isEqualTo(2);
    assertThat(Numbers.port(0)).containsExactly("must be between 1 and 65535, inclusive");
  }
}
