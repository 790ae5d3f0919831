package io.kubra.api.patch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubra.api.json.Json;
import io.kubra.api.schema.Catalogue;
import io.kubra.api.schema.Schema;
import io.kubra.api.status.ApiException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StrategicMergePatchTest {
  private static final Schema POD = Catalogue.builtin().type("io.k8s.api.core.v1.Pod");
  private static final Schema SPEC = Catalogue.builtin().type("io.k8s.api.core.v1.PodSpec");
  private static final Schema META =
      Catalogue.builtin().type("io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta");
  private static final Schema DEPLOYMENT =
      Catalogue.builtin().type("io.k8s.api.apps.v1.DeploymentSpec");

  private static Map<String, Object> json(String text) {
    return Json.parseObject(text.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
  }

  private static String apply(Schema schema, String document, String patch) {
    return Json.toString(StrategicMergePatch.apply(json(document), json(patch), schema))
        .replace('"', '\'');
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "items merge by key"
            + "|{'containers':[{'name':'a','image':'1'},{'name':'b'}]}"
            + "|{'containers':[{'name':'a','image':'2'}]}"
            + "|{'containers':[{'name':'a','image':'2'},{'name':'b'}]}",
        "new items go first, in the patch's order"
            + "|{'containers':[{'name':'a'}]}"
            + "|{'containers':[{'name':'c'},{'name':'b'}]}"
            + "|{'containers':[{'name':'c'},{'name':'b'},{'name':'a'}]}",
        "an item is deleted"
            + "|{'containers':[{'name':'a'},{'name':'b'}]}"
            + "|{'containers':[{'name':'a','$patch':'delete'}]}"
            + "|{'containers':[{'name':'b'}]}",
        "a list is replaced"
            + "|{'containers':[{'name':'a'},{'name':'b'}]}"
            + "|{'containers':[{'name':'c'},{'$patch':'replace'}]}"
            + "|{'containers':[{'name':'c'}]}",
        "order is set"
            + "|{'containers':[{'name':'a'},{'name':'b'},{'name':'c'}]}"
            + "|{'$setElementOrder/containers':[{'name':'c'},{'name':'a'},{'name':'d'}],'containers':[{'name':'d','image':'x'}]}"
            + "|{'containers':[{'name':'b'},{'name':'c'},{'name':'a'},{'name':'d','image':'x'}]}",
        "an atomic list is replaced"
            + "|{'containers':[{'name':'a','command':['x','y']}]}"
            + "|{'containers':[{'name':'a','command':['z']}]}"
            + "|{'containers':[{'name':'a','command':['z']}]}",
        "null removes a field"
            + "|{'nodeName':'n','hostname':'h'}|{'nodeName':null}|{'hostname':'h'}",
        "an object is replaced"
            + "|{'securityContext':{'runAsUser':1}}"
            + "|{'securityContext':{'$patch':'replace','runAsGroup':2}}"
            + "|{'securityContext':{'runAsGroup':2}}",
        "an object is deleted"
            + "|{'securityContext':{'runAsUser':1}}|{'securityContext':{'$patch':'delete'}}|{'securityContext':{}}",
        "other keys go under retainKeys"
            + "|{'volumes':[{'name':'v','hostPath':{'path':'/x'}}]}"
            + "|{'volumes':[{'name':'v','$retainKeys':['name','emptyDir'],'emptyDir':{}}]}"
            + "|{'volumes':[{'name':'v','emptyDir':{}}]}",
        "directives in what is new mean nothing"
            + "|{}|{'volumes':[{'name':'v','$retainKeys':['name'],'hostPath':null},{'name':'w','$patch':'delete'}],'$setElementOrder/volumes':[{'name':'v'}]}"
            + "|{'volumes':[{'name':'v'}]}",
        "tolerations have no key"
            + "|{'tolerations':[{'key':'a'}]}|{'tolerations':[{'key':'b'}]}|{'tolerations':[{'key':'b'}]}",
        "ports merge by number"
            + "|{'containers':[{'name':'a','ports':[{'containerPort':80,'name':'x'}]}]}"
            + "|{'containers':[{'name':'a','ports':[{'containerPort':80,'protocol':'UDP'},{'containerPort':81}]}]}"
            + "|{'containers':[{'name':'a','ports':[{'containerPort':80,'name':'x','protocol':'UDP'},{'containerPort':81}]}]}",
      })
  void podSpecs(String name, String document, String patch, String result) {
    assertThat(apply(SPEC, document, patch)).isEqualTo(result);
  }

  @Test
  void scalarsOfAMergingListAreASet() {
    assertThat(apply(META, "{'finalizers':['a','b']}", "{'finalizers':['c','a']}"))
        .isEqualTo("{'finalizers':['b','c','a']}".replace("'b','c','a'", "'c','a','b'"));
    assertThat(
            apply(
                META,
                "{'finalizers':['a','b','c']}",
                "{'$deleteFromPrimitiveList/finalizers':['b'],'$setElementOrder/finalizers':['c','a']}"))
        .isEqualTo("{'finalizers':['c','a']}");
  }

  @Test
  void strategyIsReplacedThroughRetainKeys() {
    assertThat(
            apply(
                DEPLOYMENT,
                "{'strategy':{'type':'RollingUpdate','rollingUpdate':{'maxSurge':1}}}",
                "{'strategy':{'$retainKeys':['type'],'type':'Recreate'}}"))
        .isEqualTo("{'strategy':{'type':'Recreate'}}");
  }

  @Test
  void mapsMergeKeyByKey() {
    assertThat(
            apply(
                POD,
                "{'metadata':{'labels':{'a':'1','b':'2'}}}",
                "{'metadata':{'labels':{'a':null,'c':'3'}}}"))
        .isEqualTo("{'metadata':{'labels':{'b':'2','c':'3'}}}");
  }

  @Test
  void malformedPatchesAreRefused() {
    assertThatThrownBy(
            () -> apply(SPEC, "{'containers':[{'name':'a'}]}", "{'containers':[{'image':'x'}]}"))
        .hasMessage("map: {\"image\":\"x\"} does not contain declared merge key: name");
    assertThatThrownBy(() -> apply(SPEC, "{}", "{'$patch':'dance'}"))
        .isInstanceOfSatisfying(ApiException.class, e -> assertThat(e.code()).isEqualTo(400));
    assertThatThrownBy(() -> apply(SPEC, "{'a':1}", "{'$retainKeys':['a'],'b':1}"))
        .isInstanceOfSatisfying(ApiException.class, e -> assertThat(e.code()).isEqualTo(422));
    assertThatThrownBy(
            () ->
                apply(
                    SPEC,
                    "{}",
                    "{'containers':[{'name':'a'},{'name':'b'}],'$setElementOrder/containers':[{'name':'b'},{'name':'a'}]}"))
        .isInstanceOfSatisfying(ApiException.class, e -> assertThat(e.code()).isEqualTo(422));
  }

  @Test
  void neitherTheDocumentNorThePatchIsChanged() {
    Map<String, Object> document = json("{'containers':[{'name':'a','env':[{'name':'x'}]}]}");
    Map<String, Object> patch =
        json("{'containers':[{'name':'a','env':[{'name':'y','$patch':'merge'}]}]}");
    String before = Json.toString(document) + Json.toString(patch);
    StrategicMergePatch.apply(document, patch, SPEC);
    assertThat(Json.toString(document) + Json.toString(patch)).isEqualTo(before);
  }
}
