package io.kubra.conformance.probe;

import io.kubra.api.tree.Trees;
import io.kubra.conformance.check.Check;
import io.kubra.conformance.cluster.Await;
import io.kubra.conformance.cluster.PodDraft;
import io.kubra.conformance.verdict.Findings;
import io.kubra.conformance.verdict.Verdict;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Probes of pulling images. A pod on a node's own network serves an image, made of its own files,
 * on a port of the node; runtimes speak to registries of their own host without TLS.
 */
public final class ImageProbes {
  /** A registry with one image, for those who name the user probe with the password secret. */
  private static final String REGISTRY =
      """
      cd /tmp && mkdir -p fs/bin blobs && cp /bin/busybox fs/bin/busybox || exit 1
      for n in sh sleep; do ln -s busybox fs/bin/$n; done
      for n in lib lib64; do [ -d /$n ] && cp -a /$n fs/$n; done
      tar -C fs -cf layer.tar .
      d=$(sha256sum layer.tar | cut -d' ' -f1); n=$(wc -c < layer.tar); mv layer.tar blobs/$d
      a=$(uname -m); case $a in x86_64) a=amd64;; aarch64) a=arm64;; esac
      printf '{"architecture":"%s","os":"linux","config":{},"rootfs":{"type":"layers","diff_ids":["sha256:%s"]}}' $a $d > c
      c=$(sha256sum c | cut -d' ' -f1); k=$(wc -c < c); mv c blobs/$c
      t=application/vnd.oci.image
      printf '{"schemaVersion":2,"mediaType":"%s.manifest.v1+json","config":{"mediaType":"%s.config.v1+json","digest":"sha256:%s","size":%d},"layers":[{"mediaType":"%s.layer.v1.tar","digest":"sha256:%s","size":%d}]}' \\
        $t $t $c $k $t $d $n > m
      m=$(sha256sum m | cut -d' ' -f1); cp m blobs/$m; mv m manifest; echo $m > digest
      cat > serve <<'END'
      #!/bin/sh
      cd /tmp; r=$(printf '\\r'); read -r method path rest; ok=
      while read -r line; do
        line=${line%$r}; [ -n "$line" ] || break
        case $line in [Aa]uthorization:*cHJvYmU6c2VjcmV0*) ok=1;; esac
      done
      say() {
        printf 'HTTP/1.1 %s\\r\\nConnection: close\\r\\nContent-Type: %s\\r\\n%bContent-Length: %s\\r\\n\\r\\n' "$1" "$2" "$3" "$4"
      }
      if [ -z "$ok" ]; then
        say '401 Unauthorized' text/plain 'WWW-Authenticate: Basic realm="probe"\\r\\n' 0
        exit
      fi
      d=${path##*sha256:}; f=blobs/$d; t=application/octet-stream
      case $path in
        */manifests/1) f=manifest; d=$(cat digest); t=application/vnd.oci.image.manifest.v1+json;;
        */manifests/*) t=application/vnd.oci.image.manifest.v1+json;;
        /v2/) say '200 OK' text/plain '' 0; exit;;
      esac
      [ -f "$f" ] || { say '404 Not Found' text/plain '' 0; exit; }
      say '200 OK' $t "Docker-Content-Digest: sha256:$d\\\\r\\\\n" $(wc -c < $f)
      [ "$method" = HEAD ] || cat $f
      END
      chmod +x serve
      exec nc -ll -p $PORT -e /tmp/serve
      """;

  private ImageProbes() {}

  /** Images are pulled by tag and digest with a secret, kept, and used without pulling. */
  public static final Check PULLS =
      Probe.alone(
          "an image is pulled by tag and digest with a pull secret, is listed by its node, runs with Never",
          "images",
          probe -> {
            int port = ThreadLocalRandom.current().nextInt(50000, 60000);
            PodDraft registry =
                probe
                    .pod("registry", REGISTRY)
                    .main(
                        "{env: [{name: PORT, value: \"%d\"}], readinessProbe: {exec: {command: [/bin/sh, -c, \"test -s /tmp/digest\"]}, periodSeconds: 1}, volumeMounts: [{name: tmp, mountPath: /tmp}]}"
                            .formatted(port))
                    .spec("{hostNetwork: true, volumes: [{name: tmp, emptyDir: {}}]}");
            Map<String, Object> made = probe.pods().ready(registry);
            String node = Trees.stringOr(probe.read("registry"), "", "spec", "nodeName");
            String digest = probe.shell("registry", "cat /tmp/digest").text();
            String name = "localhost:" + port + "/probe-" + probe.context().workspace().run();
            Findings findings =
                new Findings()
                    .saw(
                        "registry of "
                            + Trees.stringOr(made, "", "metadata", "name")
                            + " on "
                            + node);
            secret(probe, port);
            String refused = start(probe, node, "no-secret", name + ":1", "Always", false);
            findings.require(
                refused.contains("ErrImagePull") || refused.contains("ImagePullBackOff"),
                "without the secret the pull fails: " + refused);
            String byTag = start(probe, node, "by-tag", name + ":1", "Always", true);
            if (byTag.contains("HTTP response to HTTPS client")) {
              return Verdict.notCheckable(
                  Verdict.Cause.MEANS,
                  "the runtime insists on TLS for localhost too, so no registry can be put there");
            }
            findings.expect(byTag.equals("runs"), "it is pulled by tag", "by tag: " + byTag);
            String byDigest =
                start(probe, node, "by-digest", name + "@sha256:" + digest, "Always", true);
            findings.expect(
                byDigest.equals("runs"), "it is pulled by digest", "by digest: " + byDigest);
            boolean listed =
                Await.until(
                    probe.run(),
                    () ->
                        Trees.maps(probe.kube().get("/api/v1/nodes/" + node), "status", "images")
                            .stream()
                            .anyMatch(
                                i ->
                                    Trees.strings(i, "names").stream()
                                        .anyMatch(n -> n.contains(name))));
            findings.require(listed, "the node lists it among its images");
            probe.remove("registry");
            String never = start(probe, node, "never", name + ":1", "Never", true);
            findings.expect(
                never.equals("runs"), "it runs without a registry", "with Never: " + never);
            String missing = start(probe, node, "missing", name + ":2", "Never", false);
            return findings
                .require(
                    missing.contains("ErrImageNeverPull"),
                    "an image that is not there is not pulled with Never: " + missing)
                .verdict();
          });

  private static void secret(Probe probe, int port) {
    String login =
        Base64.getEncoder().encodeToString("probe:secret".getBytes(StandardCharsets.UTF_8));
    Map<String, Object> secret =
        Probe.yaml(
            "{apiVersion: v1, kind: Secret, metadata: {name: login}, type: kubernetes.io/dockerconfigjson}");
    Trees.set(
        secret,
        "{\"auths\":{\"localhost:%d\":{\"auth\":\"%s\"}}}".formatted(port, login),
        "stringData",
        ".dockerconfigjson");
    probe.create(secret);
  }

  /** Starts a pod with an image; "runs", or why it does not. */
  private static String start(
      Probe probe, String node, String name, String image, String policy, boolean expected)
      throws InterruptedException {
    PodDraft draft =
        probe
            .waiting(name)
            .main("{image: \"%s\", imagePullPolicy: %s}".formatted(image, policy))
            .set(node, "spec", "nodeName");
    if (!name.equals("no-secret")) {
      draft.spec("imagePullSecrets: [{name: login}]");
    }
    probe.pods().create(draft);
    Await.until(
        probe.run(),
        () -> {
          Map<String, Object> pod = probe.read(name);
          boolean running = Trees.stringOr(pod, "", "status", "phase").equals("Running");
          return running || (!expected && state(probe, name).contains("Image"));
        });
    return Trees.stringOr(probe.read(name), "", "status", "phase").equals("Running")
        ? "runs"
        : state(probe, name);
  }

  private static String state(Probe probe, String name) {
    return probe.pods().state(probe.namespace(), name);
  }
}
