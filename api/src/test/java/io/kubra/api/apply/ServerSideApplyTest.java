package io.kubra.api.apply;

import static io.kubra.api.apply.ApplyScenario.tree;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.kubra.api.status.ApiException;
import io.kubra.api.tree.Trees;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ServerSideApplyTest {

  @Test
  void theFirstApplyCreatesTheObjectAndOwnsWhatItNames() {
    ApplyScenario s = ApplyScenario.configMap().apply("a", "{'data':{'x':'1','y':'2'}}");
    assertThat(s.object()).isEqualTo(tree("{'data':{'x':'1','y':'2'}}"));
    assertThat(s.owned("a")).containsExactly(".data.x", ".data.y");
    assertThat(s.managedFields())
        .isEqualTo(
            List.of(
                tree(
                    "{'manager':'a','operation':'Apply','apiVersion':'v1',"
                        + "'time':'2026-01-01T00:01:00Z','fieldsType':'FieldsV1',"
                        + "'fieldsV1':{'f:data':{'f:x':{},'f:y':{}}}}")));
  }

  @Test
  void aFieldNoLongerAppliedIsRemoved() {
    ApplyScenario s =
        ApplyScenario.configMap()
            .apply("a", "{'data':{'x':'1','y':'2'}}")
            .apply("a", "{'data':{'x':'1'}}");
    assertThat(s.object()).isEqualTo(tree("{'data':{'x':'1'}}"));
  }

  @Test
  void aFieldThatAnotherOwnsAsWellStaysWhenOneStopsApplyingIt() {
    ApplyScenario s =
        ApplyScenario.configMap()
            .apply("a", "{'data':{'x':'1','y':'2'}}")
            .apply("b", "{'data':{'y':'2'}}")
            .apply("a", "{'data':{'x':'1'}}");
    assertThat(s.object()).isEqualTo(tree("{'data':{'x':'1','y':'2'}}"));
    assertThat(s.owned("a")).containsExactly(".data.x");
    assertThat(s.owned("b")).containsExactly(".data.y");
  }

  @Test
  void aFieldIsRemovedOnlyWhenItsLastOwnerLetsGo() {
    ApplyScenario s =
        ApplyScenario.configMap()
            .apply("a", "{'data':{'x':'1','y':'2'}}")
            .apply("b", "{'data':{'x':'1','y':'2'}}")
            .apply("a", "{'data':{'x':'1'}}")
            .apply("b", "{'data':{'x':'1'}}");
    assertThat(s.object()).isEqualTo(tree("{'data':{'x':'1'}}"));
  }

  @Test
  void changingAFieldOfAnotherManagerConflicts() {
    ApplyScenario s = ApplyScenario.configMap().apply("a", "{'data':{'x':'1'}}");
    ApiException e =
        catchThrowableOfType(ApiException.class, () -> s.apply("b", "{'data':{'x':'2'}}"));
    assertThat(e.code()).isEqualTo(409);
    assertThat(e.reason()).isEqualTo("Conflict");
    assertThat(e.message()).isEqualTo("Apply failed with 1 conflict: conflict with \"a\": .data.x");
    assertThat(Trees.list(e.toStatus(), "details", "causes"))
        .isEqualTo(
            List.of(
                Map.of(
                    "reason", "FieldManagerConflict",
                    "message", "conflict with \"a\"",
                    "field", ".data.x")));
  }

  @Test
  void aConflictWithAnUpdaterNamesItsVersion() {
    ApplyScenario s =
        ApplyScenario.deployment().update("kubectl-client-side-apply", "{'spec':{'replicas':3}}");
    assertThat(
            catchThrowableOfType(ApiException.class, () -> s.apply("b", "{'spec':{'replicas':4}}"))
                .message())
        .isEqualTo(
            "Apply failed with 1 conflict: conflict with \"kubectl-client-side-apply\" using"
                + " apps/v1: .spec.replicas");
  }

  @Test
  void severalConflictsAreListedByManager() {
    ApplyScenario s =
        ApplyScenario.configMap()
            .apply("b", "{'data':{'y':'1'}}")
            .apply("a", "{'data':{'x':'1','z':'1'}}");
    assertThat(
            catchThrowableOfType(
                    ApiException.class, () -> s.apply("c", "{'data':{'x':'2','y':'2','z':'2'}}"))
                .message())
        .isEqualTo(
            """
            Apply failed with 3 conflicts: conflicts with "a":
            - .data.x
            - .data.z
            conflicts with "b":
            - .data.y""");
  }

  @Test
  void forceTakesTheFieldOver() {
    ApplyScenario s =
        ApplyScenario.configMap()
            .apply("a", "{'data':{'x':'1','y':'1'}}")
            .force("b", "{'data':{'x':'2'}}");
    assertThat(s.object()).isEqualTo(tree("{'data':{'x':'2','y':'1'}}"));
    assertThat(s.owned("a")).containsExactly(".data.y");
    assertThat(s.owned("b")).containsExactly(".data.x");
  }

  @Test
  void applyingTheSameValueSharesTheField() {
    ApplyScenario s =
        ApplyScenario.configMap().apply("a", "{'data':{'x':'1'}}").apply("b", "{'data':{'x':'1'}}");
    assertThat(s.owned("a")).isEqualTo(s.owned("b")).containsExactly(".data.x");
  }

  @Test
  void anUpdateTakesWhatItChangesFromAppliers() {
    ApplyScenario s =
        ApplyScenario.configMap()
            .apply("a", "{'data':{'x':'1','y':'1'}}")
            .update("u", "{'data':{'x':'2','y':'1'}}");
    assertThat(s.owned("a")).containsExactly(".data.y");
    assertThat(s.owned("u")).containsExactly(".data.x");
  }

  @Test
  void whatAnUpdateRemovedBelongsToNobody() {
    ApplyScenario s =
        ApplyScenario.configMap()
            .apply("a", "{'data':{'x':'1','y':'1'}}")
            .update("u", "{'data':{'y':'1'}}");
    assertThat(s.owned("a")).containsExactly(".data.y");
    assertThat(s.owned("u")).isEmpty();
  }

  @Test
  void anApplyThatChangesNothingKeepsObjectAndTime() {
    ApplyScenario s = ApplyScenario.configMap().apply("a", "{'data':{'x':'1'}}");
    Map<String, Object> before = Trees.deepCopy(s.live);
    assertThat(s.apply("a", "{'data':{'x':'1'}}").live).isEqualTo(before);
  }

  @Test
  void listItemsMergeByKeyAndKeepTheirOtherOwnersFields() {
    String first =
        "{'spec':{'template':{'spec':{'containers':[{'name':'c','image':'i:1',"
            + "'ports':[{'containerPort':80},{'containerPort':80,'protocol':'UDP'}]}]}}}}";
    ApplyScenario s =
        ApplyScenario.deployment()
            .apply("a", first)
            .apply(
                "b",
                "{'spec':{'template':{'spec':{'containers':[{'name':'c',"
                    + "'env':[{'name':'E','value':'1'}]},{'name':'d','image':'side'}]}}}}");
    assertThat(s.object())
        .isEqualTo(
            tree(
                "{'spec':{'template':{'spec':{'containers':[{'name':'c','image':'i:1',"
                    + "'ports':[{'containerPort':80},{'containerPort':80,'protocol':'UDP'}],"
                    + "'env':[{'name':'E','value':'1'}]},{'name':'d','image':'side'}]}}}}"));
    String c = ".spec.template.spec.containers[name=\"c\"]";
    assertThat(s.owned("a"))
        .containsExactlyInAnyOrder(
            c,
            c + ".name",
            c + ".image",
            c + ".ports[containerPort=80,protocol=\"TCP\"]",
            c + ".ports[containerPort=80,protocol=\"TCP\"].containerPort",
            c + ".ports[containerPort=80,protocol=\"UDP\"]",
            c + ".ports[containerPort=80,protocol=\"UDP\"].containerPort",
            c + ".ports[containerPort=80,protocol=\"UDP\"].protocol");
    s.apply("b", "{'spec':{}}");
    assertThat(s.object()).isEqualTo(tree(first));
  }

  @Test
  void aPortGivenWithItsDefaultProtocolIsTheSamePort() {
    ApplyScenario s =
        ApplyScenario.service()
            .apply("a", "{'spec':{'ports':[{'port':80,'name':'http'}]}}")
            .apply("a", "{'spec':{'ports':[{'port':80,'protocol':'TCP','name':'web'}]}}");
    assertThat(s.object())
        .isEqualTo(tree("{'spec':{'ports':[{'port':80,'name':'web','protocol':'TCP'}]}}"));
  }

  @Test
  void newItemsKeepTheOrderOfTheConfigurationAroundWhatOthersAdded() {
    ApplyScenario s =
        ApplyScenario.pod()
            .apply("a", containers("a", "b", "c"))
            .apply("b", containers("x", "b"))
            .apply("a", containers("c", "b", "a", "z"));
    assertThat(
            Trees.list(s.live, "spec", "containers").stream()
                .map(item -> Trees.string(item, "name")))
        .containsExactly("x", "c", "b", "a", "z");
  }

  private static String containers(String... names) {
    return "{'spec':{'containers':["
        + String.join(",", java.util.Arrays.stream(names).map(n -> "{'name':'" + n + "'}").toList())
        + "]}}";
  }

  @Test
  void setMembersAreOwnedOneByOne() {
    ApplyScenario s =
        ApplyScenario.configMap()
            .apply("a", "{'metadata':{'finalizers':['x/1','x/2']}}")
            .apply("b", "{'metadata':{'finalizers':['x/2','x/3']}}");
    assertThat(Trees.list(s.live, "metadata", "finalizers")).containsExactly("x/1", "x/2", "x/3");
    assertThat(s.owned("b"))
        .containsExactly(".metadata.finalizers[=\"x/2\"]", ".metadata.finalizers[=\"x/3\"]");
    s.apply("b", "{}");
    assertThat(Trees.list(s.live, "metadata", "finalizers")).containsExactly("x/1", "x/2");
  }

  @Test
  void anAtomicListChangesHandsAsAWhole() {
    String one = "{'spec':{'template':{'spec':{'containers':[{'name':'c','args':['1']}]}}}}";
    String two = "{'spec':{'template':{'spec':{'containers':[{'name':'c','args':['1','2']}]}}}}";
    ApplyScenario s = ApplyScenario.deployment().apply("a", one);
    assertThat(catchThrowableOfType(ApiException.class, () -> s.apply("b", two)).message())
        .endsWith(".spec.template.spec.containers[name=\"c\"].args");
    s.force("b", two);
    assertThat(s.object()).isEqualTo(tree(two));
    assertThat(s.owned("a"))
        .containsExactly(
            ".spec.template.spec.containers[name=\"c\"]",
            ".spec.template.spec.containers[name=\"c\"].name");
  }

  @Test
  void anAtomicStructChangesHandsAsAWhole() {
    ApplyScenario s =
        ApplyScenario.deployment().apply("a", "{'spec':{'selector':{'matchLabels':{'a':'1'}}}}");
    assertThat(s.owned("a")).containsExactly(".spec.selector");
    s.force("b", "{'spec':{'selector':{'matchLabels':{'b':'1'}}}}");
    assertThat(s.object()).isEqualTo(tree("{'spec':{'selector':{'matchLabels':{'b':'1'}}}}"));
  }

  @Test
  void whatExistedBeforeTheFirstApplyHasAnOwnerOfItsOwn() {
    ApplyScenario s = ApplyScenario.configMap();
    s.live = tree("{'metadata':{'name':'n','uid':'u'},'data':{'x':'1','y':'1'}}");
    assertThat(
            catchThrowableOfType(ApiException.class, () -> s.apply("a", "{'data':{'x':'2'}}"))
                .message())
        .contains("\"before-first-apply\" using v1: .data.x");
    s.apply("a", "{'data':{'x':'1'}}");
    assertThat(s.owned("before-first-apply")).containsExactly(".data", ".data.x", ".data.y");
  }

  @Test
  void kubectlTakesOverWhatClientSideApplySet() {
    ApplyScenario s =
        ApplyScenario.configMap()
            .update(
                "kubectl-client-side-apply",
                "{'metadata':{'annotations':{'kubectl.kubernetes.io/last-applied-configuration':"
                    + "'{\\'data\\':{\\'x\\':\\'1\\'}}'}},'data':{'x':'1','y':'1'}}");
    s.apply("kubectl", "{'data':{'x':'2'}}");
    assertThat(s.owned("kubectl")).containsExactly(".data.x");
    assertThat(Trees.string(s.live, "metadata", "annotations", LastApplied.ANNOTATION))
        .contains("\"data\":{\"x\":\"2\"}");
    assertThat(
            catchThrowableOfType(
                    ApiException.class, () -> s.apply("kubectl", "{'data':{'x':'2','y':'2'}}"))
                .message())
        .contains(".data.y");
  }

  @Test
  void aConfigurationMustNotCarryManagedFields() {
    ApiException e =
        catchThrowableOfType(
            ApiException.class,
            () -> ApplyScenario.configMap().apply("a", "{'metadata':{'managedFields':[{}]}}"));
    assertThat(e.code()).isEqualTo(400);
    assertThat(e.message()).isEqualTo("metadata.managedFields must be nil");
  }

  @Test
  void aConfigurationThatDoesNotFitTheSchemaIsRefused() {
    ApplyScenario s = ApplyScenario.deployment();
    assertThat(
            catchThrowableOfType(
                    ApiException.class,
                    () ->
                        s.apply(
                            "a",
                            "{'kind':'Deployment','metadata':{'name':'n','namespace':'d'},"
                                + "'spec':{'foo':1}}"))
                .message())
        .isEqualTo(
            "failed to create typed patch object (d/n; apps/v1, Kind=Deployment): .spec.foo: field"
                + " not declared in schema");
    assertThat(
            catchThrowableOfType(
                    ApiException.class,
                    () ->
                        s.apply(
                            "a",
                            "{'spec':{'template':{'spec':{'containers':"
                                + "[{'name':'c'},{'name':'c'}]}}}}"))
                .message())
        .contains("duplicate entries for key [name=\"c\"]");
  }

  @Test
  void theStatusInAConfigurationIsNotOwnedThroughTheMainResource() {
    ApplyScenario s =
        ApplyScenario.deployment().apply("a", "{'spec':{'replicas':1},'status':{'replicas':7}}");
    assertThat(s.owned("a")).containsExactly(".spec.replicas");
  }
}
