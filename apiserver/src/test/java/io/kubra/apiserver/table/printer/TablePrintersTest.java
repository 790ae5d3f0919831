package io.kubra.apiserver.table.printer;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubra.api.meta.GroupResource;
import io.kubra.api.schema.Catalogue;
import io.kubra.api.schema.ResourceInfo;
import io.kubra.apiserver.table.Column;
import io.kubra.apiserver.table.TablePrinter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The rows of the most used kinds, wide. */
class TablePrintersTest {
  private static final Instant NOW = Instant.parse("2026-01-01T01:00:00Z");
  private static final String META =
      "metadata: {name: x, creationTimestamp: '2026-01-01T00:55:00Z'}\n";
  private static final String TEMPLATE =
      "template: {spec: {containers: [{name: a, image: i:1}, {name: b, image: j:2}]}}";

  static Stream<Arguments> rows() {
    return Stream.of(
        row(
            "pods",
            "x|0/1|Running|3 (10m ago)|5m|10.0.0.1|n1|<none>|1/2",
            "spec: {nodeName: n1, containers: [{name: a}], readinessGates: [{conditionType: A},"
                + " {conditionType: B}]}\nstatus: {phase: Running, podIPs: [{ip: 10.0.0.1}],"
                + " conditions: [{type: A, status: 'True'}], containerStatuses: [{name: a,"
                + " restartCount: 3, state: {running: {}}, lastState: {terminated:"
                + " {finishedAt: '2026-01-01T00:50:00Z'}}}]}"),
        row(
            "deployments.apps",
            "x|1/3|2|1|5m|a,b|i:1,j:2|app=x,tier in (c,d)",
            "spec: {replicas: 3, selector: {matchLabels: {app: x}, matchExpressions: [{key: tier,"
                + " operator: In, values: [d, c]}]}, "
                + TEMPLATE
                + "}\nstatus: {readyReplicas: 1, updatedReplicas: 2, availableReplicas: 1}"),
        row(
            "replicasets.apps",
            "x|2|1|0|5m|a,b|i:1,j:2|<none>",
            "spec: {replicas: 2, " + TEMPLATE + "}\nstatus: {replicas: 1}"),
        row("statefulsets.apps", "x|0/2|5m|a,b|i:1,j:2", "spec: {replicas: 2, " + TEMPLATE + "}"),
        row(
            "daemonsets.apps",
            "x|3|2|1|2|1|os=linux|5m|||app=x",
            "spec: {selector: {matchLabels: {app: x}}, template: {spec: {nodeSelector:"
                + " {os: linux}}}}\nstatus: {desiredNumberScheduled: 3, currentNumberScheduled: 2,"
                + " numberReady: 1, updatedNumberScheduled: 2, numberAvailable: 1}"),
        row(
            "services",
            "x|NodePort|10.96.0.9|1.2.3.4|80:30080/TCP,53/UDP|5m|app=x",
            "spec: {type: NodePort, clusterIPs: [10.96.0.9], externalIPs: [1.2.3.4], selector:"
                + " {app: x}, ports: [{port: 80, nodePort: 30080, protocol: TCP}, {port: 53,"
                + " protocol: UDP}]}"),
        row(
            "services",
            "x|LoadBalancer|10.96.0.9|<pending>|<none>|5m|<none>",
            "spec: {type: LoadBalancer, clusterIP: 10.96.0.9}"),
        row(
            "services",
            "x|ExternalName|<none>|a.example|<none>|5m|<none>",
            "spec: {type: ExternalName, externalName: a.example}"),
        row("endpoints", "x|<none>|5m", ""),
        row(
            "endpoints",
            "x|1.1.1.1:80,1.1.1.2:80,1.1.1.3:80 + 1 more...|5m",
            "subsets: [{ports: [{port: 80}], addresses: [{ip: 1.1.1.1}, {ip: 1.1.1.2},"
                + " {ip: 1.1.1.3}, {ip: 1.1.1.4}]}]"),
        row(
            "endpointslices.discovery.k8s.io",
            "x|IPv4|80|1.1.1.1|5m",
            "addressType: IPv4\nports: [{port: 80}]\nendpoints: [{addresses: [1.1.1.1]}]"),
        row("namespaces", "x|Active|5m", "status: {phase: Active}"),
        row("configmaps", "x|3|5m", "data: {a: b, c: d}\nbinaryData: {e: ''}"),
        row("secrets", "x|Opaque|1|5m", "type: Opaque\ndata: {a: ''}"),
        row("serviceaccounts", "x|0|5m", ""),
        row("limitranges", "x|2026-01-01T00:55:00Z", ""),
        row("roles.rbac.authorization.k8s.io", "x|2026-01-01T00:55:00Z", ""),
        row(
            "rolebindings.rbac.authorization.k8s.io",
            "x|Role/r|5m|u, v|g|n1/s",
            "roleRef: {kind: Role, name: r}\nsubjects: [{kind: User, name: u}, {kind: User,"
                + " name: v}, {kind: Group, name: g}, {kind: ServiceAccount, namespace: n1,"
                + " name: s}]"),
        row(
            "jobs.batch",
            "x|Complete|1/1|2m|5m|a,b|i:1,j:2|<none>",
            "spec: {completions: 1, "
                + TEMPLATE
                + "}\nstatus: {succeeded: 1, startTime: '2026-01-01T00:55:00Z',"
                + " completionTime: '2026-01-01T00:57:00Z', conditions: [{type: Complete,"
                + " status: 'True'}]}"),
        row(
            "cronjobs.batch",
            "x|* * * * *|<none>|False|1|10m|5m|||<none>",
            "spec: {schedule: '* * * * *', suspend: false}\nstatus: {active: [{name: j}],"
                + " lastScheduleTime: '2026-01-01T00:50:00Z'}"),
        row(
            "horizontalpodautoscalers.autoscaling",
            "x|Deployment/d|cpu: 40%/80%, 5/10 + 1 more...|1|9|2|5m",
            "spec: {scaleTargetRef: {kind: Deployment, name: d}, minReplicas: 1, maxReplicas: 9,"
                + " metrics: [{type: Resource, resource: {name: cpu, target:"
                + " {averageUtilization: 80}}}, {type: Pods, pods: {target: {averageValue: '10'}}},"
                + " {type: External}]}\nstatus: {currentReplicas: 2, currentMetrics: [{resource:"
                + " {current: {averageUtilization: 40}}}, {pods: {current: {averageValue: '5'}}}]}"),
        row(
            "poddisruptionbudgets.policy",
            "x|50%|N/A|1|5m",
            "spec: {minAvailable: '50%'}\nstatus: {disruptionsAllowed: 1}"),
        row(
            "ingresses.networking.k8s.io",
            "x|nginx|a,b|1.2.3.4|80, 443|5m",
            "spec: {ingressClassName: nginx, rules: [{host: a}, {host: b}], tls: [{}]}\nstatus:"
                + " {loadBalancer: {ingress: [{ip: 1.2.3.4}]}}"),
        row("networkpolicies.networking.k8s.io", "x|<none>|5m", "spec: {podSelector: {}}"),
        row(
            "persistentvolumeclaims",
            "x|Bound|v|1Gi|RWO,RWX|fast|<unset>|5m|Filesystem",
            "spec: {volumeName: v, storageClassName: fast, volumeMode: Filesystem}\nstatus: {phase:"
                + " Bound, capacity: {storage: 1Gi}, accessModes: [ReadWriteMany,"
                + " ReadWriteOnce]}"),
        row(
            "persistentvolumes",
            "x|1Gi|RWO|Delete|Bound|n1/c|fast|<unset>||5m|<unset>",
            "spec: {capacity: {storage: 1Gi}, accessModes: [ReadWriteOnce],"
                + " persistentVolumeReclaimPolicy: Delete, storageClassName: fast, claimRef:"
                + " {namespace: n1, name: c}}\nstatus: {phase: Bound}"),
        row(
            "certificatesigningrequests.certificates.k8s.io",
            "x|5m|s|u|60m|Approved,Issued",
            "spec: {signerName: s, username: u, expirationSeconds: 3600}\nstatus: {certificate: YQ==,"
                + " conditions: [{type: Approved}]}"),
        row("leases.coordination.k8s.io", "x|h|5m", "spec: {holderIdentity: h}"),
        row(
            "events",
            "10m|Warning|Failed|pod/p|spec.containers{a}|kubelet, n1|oops|20m|4|x",
            "type: Warning\nreason: Failed\nmessage: \"oops\\n\"\ncount: 4\nfirstTimestamp:"
                + " '2026-01-01T00:40:00Z'\nlastTimestamp: '2026-01-01T00:50:00Z'\ninvolvedObject:"
                + " {kind: Pod, name: p, fieldPath: 'spec.containers{a}'}\nsource: {component:"
                + " kubelet, host: n1}"),
        row(
            "events.events.k8s.io",
            "20m|Normal|Ok|node/n1||c, i|fine|20m|1|x",
            "type: Normal\nreason: Ok\nnote: fine\neventTime: '2026-01-01T00:40:00.000000Z'\n"
                + "regarding: {kind: Node, name: n1}\nreportingController: c\nreportingInstance: i"));
  }

  @ParameterizedTest
  @MethodSource("rows")
  void anObjectIsPrintedAsItsKindIs(String resource, String expected, String yaml) {
    assertThat(cells(resource, META + yaml)).isEqualTo(expected);
  }

  @Test
  void aCordonedNodeSaysSoAndItsLabelsNameItsRoles() {
    String yaml =
        "metadata: {name: x, labels: {node-role.kubernetes.io/control-plane: '',"
            + " node-role.kubernetes.io/a: ''}}\nspec: {unschedulable: true}\nstatus: {conditions:"
            + " [{type: Ready, status: Unknown}], addresses: [{type: InternalIP, address: 1.1.1.1}],"
            + " nodeInfo: {kubeletVersion: v1}}";
    assertThat(cells("nodes", yaml))
        .isEqualTo(
            "x|NotReady,SchedulingDisabled|a,control-plane|<unknown>|v1|1.1.1.1|<none>"
                + "|<unknown>|<unknown>|<unknown>");
  }

  @Test
  void theDefaultStorageClassIsMarked() {
    assertThat(
            cells(
                "storageclasses.storage.k8s.io",
                "metadata: {name: x, annotations: {storageclass.kubernetes.io/is-default-class:"
                    + " 'true'}}\nprovisioner: p"))
        .isEqualTo("x (default)|p|Delete|Immediate|false|<unknown>");
  }

  @Test
  void everyKindPrintsAnEmptyObject() {
    for (ResourceInfo resource : Catalogue.builtin().resources()) {
      TablePrinter printer = TablePrinters.of(resource.groupResource());
      assertThat(printer.cells(Map.of(), NOW))
          .as(resource.toString())
          .hasSameSizeAs(printer.columns())
          .doesNotContainNull();
      assertThat(printer.columns()).extracting(Column::description).doesNotContain("");
    }
  }

  @Test
  void finishedPodsAreMarkedAsCompleted() {
    TablePrinter pods = TablePrinters.of(new GroupResource("", "pods"));
    assertThat(pods.conditions(PodStatusTest.read("status: {phase: Failed}")))
        .singleElement()
        .extracting(c -> c.get("reason"))
        .isEqualTo("Failed");
    assertThat(pods.conditions(PodStatusTest.read("status: {phase: Running}"))).isEmpty();
  }

  private static Arguments row(String resource, String expected, String yaml) {
    return Arguments.of(resource, expected, yaml);
  }

  private static String cells(String resource, String yaml) {
    int dot = resource.indexOf('.');
    GroupResource wanted =
        dot < 0
            ? new GroupResource("", resource)
            : new GroupResource(resource.substring(dot + 1), resource.substring(0, dot));
    List<String> cells = new ArrayList<>();
    for (Object cell : TablePrinters.of(wanted).cells(PodStatusTest.read(yaml), NOW)) {
      cells.add(cell.toString());
    }
    return String.join("|", cells);
  }
}
