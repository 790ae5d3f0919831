package io.kubra.addons.helm.render;

import io.kubra.addons.helm.library.HelmException;
import io.kubra.addons.helm.release.Hook;
import io.kubra.addons.helm.release.Release;
import io.kubra.api.tree.Trees;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * A copy of a chart whose hooks Helm passes over: they name an event that Helm does not know, and
 * keep their own under another annotation. {@link #restored} turns back what Helm stores of it. A
 * folder that {@link #close} removes.
 */
public final class SilencedChart implements AutoCloseable {
  private static final String HOOK = HookedChart.HOOK;
  private static final String NONE = "kubra-none";
  private static final String KEY = "([\"']?)" + Pattern.quote(HOOK) + "\\2([ \\t]*:)";
  private static final Pattern LINE = Pattern.compile("(?m)^([ \\t]*)" + KEY);
  private static final Pattern INLINE = Pattern.compile("([{,][ \\t]*)" + KEY);
  private static final Pattern LINE_BACK =
      Pattern.compile("(?m)^[ \\t]*([\"']?)" + Pattern.quote(HOOK) + "\\1: " + NONE + "\n");
  private static final Pattern INLINE_BACK =
      Pattern.compile("([\"']?)" + Pattern.quote(HOOK) + "\\1: " + NONE + ", ");
  private static final Pattern OTHER =
      Pattern.compile(Pattern.quote(HOOK) + "(?!-|[\"']?: " + NONE + ")");

  private final ChartCopy copy;

  /**
   * Copies a chart.
   *
   * @throws HelmException if it is none, or writes its hooks in a way that cannot be silenced
   */
  public SilencedChart(Path source) {
    copy = new ChartCopy(source, SilencedChart::silence);
  }

  /** The copy. */
  public Path chart() {
    return copy.chart();
  }

  private static String silence(Path file, String text) {
    if (!file.toString().contains("templates")) {
      return text;
    }
    String lines =
        LINE.matcher(text)
            .replaceAll("$1$2" + HOOK + "$2: " + NONE + "\n$1$2" + HookedChart.MASKED + "$2$3");
    String silent =
        INLINE
            .matcher(lines)
            .replaceAll("$1$2" + HOOK + "$2: " + NONE + ", $2" + HookedChart.MASKED + "$2$3");
    if (OTHER.matcher(silent).find()) {
      throw new HelmException(
          "--no-hooks does not work with this chart: "
              + file
              + " sets the annotation "
              + HOOK
              + " other than as a key of YAML");
    }
    return silent;
  }

  private static String restore(String text) {
    return INLINE_BACK
        .matcher(LINE_BACK.matcher(text).replaceAll(""))
        .replaceAll("")
        .replace(HookedChart.MASKED, HOOK);
  }

  /**
   * What Helm would have stored of the chart itself.
   *
   * @param stored what it stored of the copy
   * @param hooks the hooks, which the copy hid
   */
  public static Release restored(Release stored, List<Hook> hooks) {
    Map<String, Object> tree = Trees.deepCopy(stored.tree());
    for (String list : List.of("templates", "files")) {
      for (Map<String, Object> file : Trees.maps(tree, "chart", list)) {
        byte[] data = Base64.getMimeDecoder().decode(Trees.stringOr(file, "", "data"));
        String text = restore(new String(data, StandardCharsets.ISO_8859_1));
        file.put(
            "data", Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.ISO_8859_1)));
      }
    }
    if (!hooks.isEmpty()) {
      tree.put("hooks", new ArrayList<Object>(hooks.stream().map(Hook::tree).toList()));
    }
    return new Release(tree, stored.labels());
  }

  @Override
  public void close() {
    copy.close();
  }
}
