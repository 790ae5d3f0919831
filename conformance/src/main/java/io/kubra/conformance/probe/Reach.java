package io.kubra.conformance.probe;

import io.kubra.conformance.cluster.Pods;
import java.util.ArrayList;
import java.util.List;

/** What a pod reaches over TCP, and what is said there to plain HTTP without credentials. */
final class Reach {
  // A line for each target; nc fails at once where nothing listens, and after a while behind
  // firewalls.
  private static final String ASK =
      """
      for t in %s; do (
        a=$(printf 'GET / HTTP/1.0\\r\\n\\r\\n' | nc -w 3 ${t%%_*} ${t##*_} 2>/dev/null | head -c 60 | tr -d '\\000\\r' | head -n 1 | tr -cd '[:print:]')
        if [ -n "$a" ]; then echo "$t answer $a"
        elif nc -z -w 3 ${t%%_*} ${t##*_} 2>/dev/null; then echo "$t open"; else echo "$t closed"; fi
      ) & done; wait
      """;

  private Reach() {}

  /**
   * What became of an attempt.
   *
   * @param target address and port with a space between
   * @param open whether a connection came about
   * @param answer the first line that plain HTTP was answered; empty if none
   */
  record Answer(String target, boolean open, String answer) {
    /** Whether plain HTTP got what it asked for, or was sent elsewhere in plain. */
    boolean served() {
      return answer.matches("HTTP/1\\.\\d [23]\\d\\d.*");
    }
  }

  /**
   * Tries targets from a new pod of a probe.
   *
   * @param targets address and port with a space between
   */
  static List<Answer> from(Probe probe, String pod, List<String> targets)
      throws InterruptedException {
    List<Answer> answers = new ArrayList<>();
    if (targets.isEmpty()) {
      return answers;
    }
    probe.pods().ready(probe.waiting(pod));
    String list = String.join(" ", targets.stream().map(t -> t.replace(' ', '_')).toList());
    Pods.Result result = probe.shell(pod, ASK.formatted(list));
    for (String line : result.out().lines().toList()) {
      String[] words = line.split(" ", 3);
      if (words.length >= 2) {
        answers.add(
            new Answer(
                words[0].replace('_', ' '),
                !words[1].equals("closed"),
                words.length > 2 ? words[2] : ""));
      }
    }
    return answers;
  }
}
