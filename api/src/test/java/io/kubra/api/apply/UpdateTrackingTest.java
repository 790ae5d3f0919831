package io.kubra.api.apply;

import static io.kubra.api.apply.ApplyScenario.tree;
import static org.assertj.core.api.Assertions.assertThat;

import io.kubra.api.tree.Trees;
import java.util.List;
import org.junit.jupiter.api.Test;

class UpdateTrackingTest {

  @Test
  void aCreateIsOwnedByItsManagerWithMarksWhereGoHoldsPointers() {
    ApplyScenario s =
        ApplyScenario.deployment()
            .update(
                "kubectl-create",
                "{'metadata':{'name':'d','uid':'u','labels':{'app':'d'}},'spec':{'replicas':1,"
                    + "'selector':{'matchLabels':{'app':'d'}},'strategy':{'type':'RollingUpdate',"
                    + "'rollingUpdate':{'maxSurge':'25%'}},'template':{'metadata':{'labels':"
                    + "{'app':'d'}},'spec':{'containers':[{'name':'c','image':'i',"
                    + "'resources':{}}]}}},'status':{}}");
    assertThat(Trees.map(s.managedFields().getFirst(), "fieldsV1"))
        .isEqualTo(
            tree(
                ("{'f:metadata':{'f:labels':{'.':{},'f:app':{}}},'f:spec':{'f:replicas':{},"
                        + "'f:selector':{},'f:strategy':{'f:rollingUpdate':{'.':{},'f:maxSurge':{}},"
                        + "'f:type':{}},'f:template':{'f:metadata':{'f:labels':{'.':{},'f:app':{}}},"
                        + "'f:spec':{'f:containers':{'k:{#name#:#c#}':{'.':{},'f:image':{},"
                        + "'f:name':{},'f:resources':{}}}}}}}")
                    .replace("#", "\\'")));
  }

  @Test
  void statusIsOwnedPerSubresource() {
    ApplyScenario s =
        ApplyScenario.pod()
            .update("kubectl", "{'metadata':{'uid':'u'},'spec':{'nodeName':'n'}}")
            .update(
                "kubelet",
                "status",
                "{'metadata':{'uid':'u'},'spec':{'nodeName':'n'},'status':{'phase':'Running',"
                    + "'conditions':[{'type':'Ready','status':'True'}]}}");
    assertThat(s.owned("kubelet"))
        .contains(".status.phase", ".status.conditions[type=\"Ready\"].status");
    assertThat(Trees.string(s.managedFields().get(1), "subresource")).isEqualTo("status");
    assertThat(s.owned("kubectl")).containsExactly(".spec.nodeName");
  }

  @Test
  void anUpdateThatChangesNothingLeavesTheEntriesAlone() {
    ApplyScenario s = ApplyScenario.configMap().update("a", "{'data':{'x':'1'}}");
    List<Object> before = s.managedFields();
    s.update("b", "{'data':{'x':'1'}}");
    assertThat(s.managedFields()).isEqualTo(before);
  }

  @Test
  void theTimeMovesWithEachChange() {
    ApplyScenario s = ApplyScenario.configMap().update("a", "{'data':{'x':'1'}}");
    assertThat(s.time("a")).isEqualTo("2026-01-01T00:01:00Z");
    s.update("a", "{'data':{'x':'2'}}");
    assertThat(s.time("a")).isEqualTo("2026-01-01T00:02:00Z");
  }

  @Test
  void anEntryThatOwnsNothingAnyMoreIsDropped() {
    ApplyScenario s =
        ApplyScenario.configMap().update("a", "{'data':{'x':'1'}}").update("b", "{'metadata':{}}");
    assertThat(s.managedFields()).isEmpty();
  }

  @Test
  void tooManyUpdatersAreFoldedIntoOne() {
    ApplyScenario s = ApplyScenario.configMap();
    StringBuilder data = new StringBuilder();
    for (int i = 0; i < 14; i++) {
      data.append(i == 0 ? "" : ",").append("'k").append(i).append("':'1'");
      s.update("m" + i, "{'data':{" + data + "}}");
    }
    assertThat(s.managedFields()).hasSize(ManagedFields.MOST_UPDATERS);
    assertThat(s.owned("ancient-changes"))
        .contains(".data.k0", ".data.k1", ".data.k2", ".data.k3", ".data.k4");
    assertThat(s.owned("m13")).containsExactly(".data.k13");
  }

  @Test
  void oneEmptyEntrySwitchesTrackingOff() {
    ApplyScenario s =
        ApplyScenario.configMap()
            .update("a", "{'metadata':{'uid':'u'},'data':{'x':'1'}}")
            .update("a", "{'metadata':{'uid':'u','managedFields':[{}]},'data':{'x':'1'}}");
    assertThat(s.managedFields()).isEmpty();
    s.update("b", "{'metadata':{'uid':'u'},'data':{'x':'2'}}");
    assertThat(s.managedFields()).isEmpty();
  }

  @Test
  void anEmptyListOrAMalformedOneChangesNothing() {
    ApplyScenario s = ApplyScenario.configMap().update("a", "{'data':{'x':'1'}}");
    s.update("b", "{'metadata':{'managedFields':[]},'data':{'x':'1'}}");
    assertThat(s.owned("a")).containsExactly(".data", ".data.x");
    s.update(
        "b",
        "{'metadata':{'managedFields':[{'manager':'z','operation':'Steal','fieldsType':'FieldsV1',"
            + "'fieldsV1':{'f:data':{}}}]},'data':{'x':'1'}}");
    assertThat(s.owned("a")).containsExactly(".data", ".data.x");
  }

  @Test
  void aClientMayEditTheEntries() {
    ApplyScenario s = ApplyScenario.configMap().update("a", "{'data':{'x':'1'}}");
    s.update(
        "b",
        "{'metadata':{'managedFields':[{'manager':'z','operation':'Apply','apiVersion':'v1',"
            + "'fieldsType':'FieldsV1','fieldsV1':{'f:data':{'f:x':{}}}}]},'data':{'x':'1'}}");
    assertThat(s.owned("a")).isEmpty();
    assertThat(s.owned("z")).containsExactly(".data.x");
  }

  @Test
  void scalingIsOwnedInTheParentWhereItKeepsItsReplicas() {
    ApplyScenario s =
        ApplyScenario.deployment().apply("a", "{'spec':{'replicas':1,'paused':true}}");
    ScaleFields fields = new ScaleFields(List.of("spec", "replicas"), "apps/v1");
    List<Object> scale = fields.toScale(s.managedFields());
    assertThat(Trees.map(scale.getFirst(), "fieldsV1"))
        .isEqualTo(tree("{'f:spec':{'f:replicas':{}}}"));
    List<Object> written =
        List.of(
            tree(
                "{'manager':'hpa','operation':'Update','apiVersion':'autoscaling/v1',"
                    + "'subresource':'scale','time':'2026-01-01T00:05:00Z','fieldsType':'FieldsV1',"
                    + "'fieldsV1':{'f:spec':{'f:replicas':{}}}}"));
    List<Object> parent = fields.toParent(s.managedFields(), written, scale);
    Trees.set(s.live, parent, "metadata", "managedFields");
    assertThat(s.owned("a")).containsExactly(".spec.paused");
    assertThat(s.owned("hpa")).containsExactly(".spec.replicas");
  }
}
