package io.kubra.addons.helm.report;

import java.util.ArrayList;
import java.util.List;

/** Columns padded to their widest cell and parted by tabs, the last one too. */
public final class TextTable {
  private final List<List<String>> rows = new ArrayList<>();
  private final int widest;

  /**
   * An empty table.
   *
   * @param widest what a cell is cut to, in characters; 0 for no limit
   */
  public TextTable(int widest) {
    this.widest = widest;
  }

  /** Adds a row. */
  public TextTable row(String... cells) {
    List<String> row = new ArrayList<>();
    for (String cell : cells) {
      row.add(widest > 0 && cell.length() > widest ? cell.substring(0, widest - 3) + "..." : cell);
    }
    rows.add(row);
    return this;
  }

  /** The text, with a line feed at its end. */
  public String text() {
    int[] widths = new int[rows.stream().mapToInt(List::size).max().orElse(0)];
    for (List<String> row : rows) {
      for (int i = 0; i < row.size(); i++) {
        widths[i] = Math.max(widths[i], row.get(i).codePointCount(0, row.get(i).length()));
      }
    }
    StringBuilder out = new StringBuilder();
    for (List<String> row : rows) {
      for (int i = 0; i < row.size(); i++) {
        String cell = row.get(i);
        out.append(i == 0 ? "" : "\t")
            .append(cell)
            .repeat(' ', widths[i] - cell.codePointCount(0, cell.length()));
      }
      out.append('\n');
    }
    return out.toString();
  }
}
