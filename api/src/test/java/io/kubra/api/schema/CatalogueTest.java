package io.kubra.api.schema;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubra.api.meta.GroupVersionKind;
import io.kubra.api.meta.GroupVersionResource;
import java.util.List;
import org.junit.jupiter.api.Test;

class CatalogueTest {
  private final Catalogue catalogue = Catalogue.builtin();

  private Schema property(Schema schema, String... path) {
    Schema at = schema;
    for (String step : path) {
      Schema.Field field = at.field(step);
      assertThat(field).as(step).isNotNull();
      at = field.schema();
      if (at.items() != null) {
        at = path[path.length - 1].equals(step) ? at : at.items();
      }
    }
    return at;
  }

  @Test
  void everyTypeCanBeRead() {
    for (String name : catalogue.typeNames()) {
      Schema type = catalogue.type(name);
      assertThat(type.name()).isEqualTo(name);
      type.fields().values().forEach(f -> assertThat(f.schema().kind()).as(name).isNotNull());
    }
    assertThat(catalogue.typeNames()).hasSizeGreaterThan(700);
  }

  @Test
  void everyResourceHasATypeAndAListType() {
    for (ResourceInfo r : catalogue.resources()) {
      assertThat(r.schema().kinds()).as(r.toString()).contains(r.kind());
      if (r.supports("list")) {
        assertThat(catalogue.typeOf(r.listKind())).as(r.listKind().toString()).isNotNull();
      }
    }
  }

  @Test
  void deploymentsAreDescribed() {
    ResourceInfo r = catalogue.resource(new GroupVersionResource("apps", "v1", "deployments"));
    assertThat(r).isNotNull();
    assertThat(r.kind()).isEqualTo(new GroupVersionKind("apps", "v1", "Deployment"));
    assertThat(r.shortNames()).containsExactly("deploy");
    assertThat(r.namespaced()).isTrue();
    assertThat(r.stable()).isTrue();
    assertThat(r.subresource("scale").kind())
        .isEqualTo(new GroupVersionKind("autoscaling", "v1", "Scale"));
    assertThat(catalogue.byKind(r.kind())).isSameAs(r);
  }

  @Test
  void listAndPatchAttributesHangOnTheProperty() {
    Schema pod = catalogue.type("io.k8s.api.core.v1.Pod");
    Schema containers = property(pod, "spec", "containers");
    assertThat(containers.kind()).isEqualTo(Schema.Kind.LIST);
    assertThat(containers.listType()).isEqualTo(Schema.ListType.MAP);
    assertThat(containers.listMapKeys()).containsExactly("name");
    assertThat(containers.patchMergeKey()).isEqualTo("name");
    assertThat(containers.patchStrategies()).containsExactly("merge");
    Schema ports = property(pod, "spec", "containers", "ports");
    assertThat(ports.listMapKeys()).containsExactly("containerPort", "protocol");
    assertThat(property(pod, "spec", "volumes").patchStrategies())
        .containsExactlyInAnyOrder("merge", "retainKeys");
    assertThat(property(pod, "metadata", "creationTimestamp").kind()).isEqualTo(Schema.Kind.TIME);
    assertThat(property(pod, "spec", "nodeSelector").atomicMap()).isTrue();
    assertThat(catalogue.type("io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector").atomicMap())
        .isTrue();
  }

  @Test
  void scalarsHaveTheirKinds() {
    Schema container = catalogue.type("io.k8s.api.core.v1.Container");
    Schema limits = property(container, "resources", "limits");
    assertThat(limits.kind()).isEqualTo(Schema.Kind.MAP);
    assertThat(limits.values().kind()).isEqualTo(Schema.Kind.QUANTITY);
    Schema secret = catalogue.type("io.k8s.api.core.v1.Secret");
    assertThat(property(secret, "data").values().kind()).isEqualTo(Schema.Kind.BYTES);
    assertThat(property(catalogue.type("io.k8s.api.core.v1.ServicePort"), "targetPort").kind())
        .isEqualTo(Schema.Kind.INT_OR_STRING);
    assertThat(
            property(
                    catalogue.type("io.k8s.apimachinery.pkg.apis.meta.v1.ManagedFieldsEntry"),
                    "fieldsV1")
                .kind())
        .isEqualTo(Schema.Kind.RAW);
  }

  @Test
  void recursiveTypesReferToThemselves() {
    Schema props =
        catalogue.type("io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaProps");
    assertThat(property(props, "properties").values().fields()).isSameAs(props.fields());
  }

  @Test
  void kindsOfManyGroupsShareAType() {
    for (String group : List.of("", "apps", "batch", "policy")) {
      assertThat(catalogue.typeOf(new GroupVersionKind(group, "v1", "DeleteOptions"))).isNotNull();
    }
    assertThat(catalogue.typeOf(new GroupVersionKind("", "v1", "Status"))).isNotNull();
    assertThat(catalogue.typeOf(new GroupVersionKind("policy", "v1", "Eviction"))).isNotNull();
  }

  @Test
  void messagesWithoutJsonTypeAreKnown() {
    ProtoMessage source = catalogue.protoMessage("k8s.io.api.core.v1.VolumeSource");
    assertThat(source).isNotNull();
    assertThat(source.fields()).containsKey("emptyDir");
  }
}
