package io.kubra.conformance.area;

import io.kubra.api.tree.Trees;
import io.kubra.conformance.check.Workload;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Finds values that look like secrets in what a pod is told; never repeats the value. */
final class Literals {
  private static final Pattern NAME =
      Pattern.compile(
          "(?i).*(passw(or)?d|passphrase|secret|token|credential|api_?key|access_?key|private_?key)");
  // A private key, AWS' access keys, GitHub's and Slack's tokens, a JSON Web Token.
  private static final Pattern VALUE =
      Pattern.compile(
          "-----BEGIN [A-Z ]*PRIVATE KEY|\\bAKIA[0-9A-Z]{16}\\b|\\bgh[pousr]_[0-9A-Za-z]{36}"
              + "|\\bxox[abprs]-[0-9A-Za-z-]{10,}|\\beyJ[\\w-]{10,}\\.eyJ[\\w-]{10,}\\.[\\w-]{10,}");
  private static final Pattern FLAG =
      Pattern.compile(
          "(?i)--?[a-z0-9-]*(password|passwd|secret|token|api-?key)=(?!\\$)[^\\s/]{4,}");
  // Not secrets: references to variables, paths, booleans.
  private static final Pattern HARMLESS = Pattern.compile("\\$.*|/.*|true|false|");

  private Literals() {}

  /** What looks like a secret in a workload's pods, a line each. */
  static List<String> in(Workload workload) {
    List<String> found = new ArrayList<>();
    for (Map<String, Object> container : workload.containers()) {
      String where = "container " + Trees.stringOr(container, "", "name") + ": ";
      for (Map<String, Object> variable : Trees.maps(container, "env")) {
        String name = Trees.stringOr(variable, "", "name");
        String value = Trees.stringOr(variable, "", "value");
        boolean named = NAME.matcher(name).matches() && !HARMLESS.matcher(value).matches();
        if (named || VALUE.matcher(value).find()) {
          found.add(where + "the value of " + name + " looks like a secret");
        }
      }
      List<String> words = new ArrayList<>(Trees.strings(container, "command"));
      words.addAll(Trees.strings(container, "args"));
      for (int i = 0; i < words.size(); i++) {
        String word = words.get(i);
        if (VALUE.matcher(word).find() || FLAG.matcher(word).find()) {
          found.add(where + "word " + (i + 1) + " of its command looks like a secret");
        }
      }
    }
    return found;
  }
}
