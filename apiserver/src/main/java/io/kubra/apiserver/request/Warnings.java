package io.kubra.apiserver.request;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The warnings of one response, with upstream's limits: each is sent once; when together they are
 * longer than 4096 characters each is cut to 256, and what still does not fit is left out. A body
 * may give cause for hundreds of thousands.
 */
final class Warnings {
  private static final int MOST = 4 * 1024;
  private static final int MOST_EACH = 256;

  private final Set<String> said = new HashSet<>(0);
  private final List<String> texts = new ArrayList<>(0);
  private int length;
  private boolean cutting;

  void add(String text) {
    if (text.isEmpty() || (cutting && length >= MOST) || !said.add(text)) {
      return;
    }
    if (!cutting && length + text.length() > MOST) {
      cutting = true;
      List<String> whole = List.copyOf(texts);
      texts.clear();
      length = 0;
      whole.forEach(this::put);
    }
    put(text);
  }

  private void put(String text) {
    String sent = cutting && text.length() > MOST_EACH ? text.substring(0, MOST_EACH) : text;
    if (length + sent.length() <= MOST) {
      texts.add(sent);
      length += sent.length();
    } else {
      length = MOST;
    }
  }

  List<String> texts() {
    return texts;
  }
}
