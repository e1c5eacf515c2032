package io.weft.spark;

import io.weft.Model;
import io.weft.codec.Codec;
import io.weft.complete.KnownPixels;
import io.weft.data.ImageSet;
import io.weft.data.NumpyFile;
import io.weft.internal.files.Sha256;
import io.weft.spec.Condition;
import io.weft.spec.ConditionValues;
import io.weft.spec.ImageSpec;
import java.io.BufferedOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.deploy.SparkHadoopUtil;

/** The parts of a series in a folder, beside a file that says what series it is. */
final class Parts {

  private static final String SERIES = "series.txt";

  private static final String KNOWN = "known pixels";
  private static final String NOTHING = "none";
  private static final String OF_FIRST = " of the first ";

  /** A file beside its place, until it is whole. */
  private static final Pattern BEGUN =
      Pattern.compile("[.](.+)[.][0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}");

  /** The conditions of so many images tell one function from another. */
  private static final int PROBES = 1_000;

  private static final long ABSENT = -1;

  /** As many parts as a job has at most. */
  private static final int AT_ONCE = 10_000;

  private final Path folder;
  private final FileSystem files;
  private final Model model;
  private final Drawing drawing;
  private final int each;

  private Parts(Path folder, FileSystem files, Model model, Drawing drawing, int each) {
    this.folder = folder;
    this.files = files;
    this.model = model;
    this.drawing = drawing;
    this.each = each;
  }

  static Parts of(String folder, Model model, Drawing drawing, int each, Configuration hadoop)
      throws IOException {
    Path path = new Path(folder);
    FileSystem files = system(path, hadoop);
    return new Parts(files.makeQualified(path), files, model, drawing, each);
  }

  /** Hadoop writes a checksum beside each local file, which nobody asks for here. */
  private static FileSystem system(Path path, Configuration hadoop) throws IOException {
    FileSystem files = path.getFileSystem(hadoop);
    return files instanceof LocalFileSystem local ? local.getRawFileSystem() : files;
  }

  /** Draws what is missing. */
  SavedParts draw(Shipment shipment, Fleet fleet, FleetListener listener) throws IOException {
    claim();
    Map<String, Long> lengths = lengths();
    List<DrawnBlock.Range> missing = new ArrayList<>();
    long done = 0;
    for (DrawnBlock.Range part : ranges()) {
      long length = lengths.getOrDefault(name(part), ABSENT);
      if (length == NumpyFile.length(model.image(), part.images())) {
        done += part.images();
      } else {
        missing.add(part);
      }
    }
    Fleet.Progress progress = new Fleet.Progress(listener, drawing.count());
    progress.add(done);
    fleet
        .jobs()
        .run(
            "drawing " + (drawing.count() - done) + " images into " + folder,
            missing.size(),
            AT_ONCE,
            missing::get,
            writing(shipment, drawing, folder.toString()),
            (i, host) -> {
              checkSeen(missing.get(i), host);
              progress.add(missing.get(i).images());
            });
    sweep();
    return new SavedParts(folder.toString(), missing.size(), ranges().size() - missing.size());
  }

  private List<DrawnBlock.Range> ranges() {
    long parts = (drawing.count() + each - 1) / each;
    if (parts > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          parts + " parts are more than a folder should have; save more images per part");
    }
    List<DrawnBlock.Range> all = new ArrayList<>((int) parts);
    for (long from = 0; from < drawing.count(); from += each) {
      all.add(
          new DrawnBlock.Range(
              drawing.first() + from, (int) Math.min(each, drawing.count() - from)));
    }
    return all;
  }

  private static String name(DrawnBlock.Range part) {
    return String.format(Locale.ROOT, "part-%012d.npy", part.first());
  }

  private Map<String, Long> lengths() throws IOException {
    Map<String, Long> lengths = new HashMap<>();
    for (FileStatus file : files.listStatus(folder)) {
      lengths.put(file.getPath().getName(), file.getLen());
    }
    return lengths;
  }

  /** Takes away what died before it was whole: all parts are there now. */
  private void sweep() throws IOException {
    Set<String> names = ranges().stream().map(Parts::name).collect(Collectors.toSet());
    names.add(SERIES);
    for (FileStatus file : files.listStatus(folder)) {
      if (begun(file).filter(names::contains).isPresent()) {
        files.delete(file.getPath(), false);
      }
    }
  }

  /** Returns the name of the file that this was to become, if it is one beside its place. */
  private static Optional<String> begun(FileStatus file) {
    Matcher name = BEGUN.matcher(file.getPath().getName());
    return name.matches() ? Optional.of(name.group(1)) : Optional.empty();
  }

  private void checkSeen(DrawnBlock.Range part, String host) {
    Path file = new Path(folder, name(part));
    try {
      files.getFileStatus(file);
    } catch (FileNotFoundException e) {
      throw new FleetException(
          "the worker on "
              + host
              + " has written "
              + file
              + ", which is not to be seen here; name a folder that all machines share, such as"
              + " one of HDFS",
          e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes what series this is, or compares it with what is there. */
  private void claim() throws IOException {
    files.mkdirs(folder);
    Path file = new Path(folder, SERIES);
    Map<String, String> ours = words();
    if (!files.exists(file)) {
      if (Stream.of(files.listStatus(folder)).anyMatch(Parts::isForeign)) {
        throw new IllegalArgumentException(
            folder + " has other files, and no " + SERIES + "; name an empty folder, or a new one");
      }
      StringBuilder text = new StringBuilder();
      ours.forEach((name, value) -> text.append(name).append(": ").append(value).append('\n'));
      byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
      write(files, file, out -> out.write(bytes));
      return;
    }
    Map<String, String> theirs = new LinkedHashMap<>();
    try (var in = files.open(file)) {
      new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .map(line -> line.split(": ", 2))
          .filter(pair -> pair.length == 2)
          .forEach(pair -> theirs.put(pair[0], pair[1]));
    }
    ours.computeIfPresent("conditions", (name, value) -> conditions(theirs.getOrDefault(name, "")));
    theirs.putIfAbsent(KNOWN, NOTHING); // Before images could be completed, nothing was said.
    ours.computeIfPresent(KNOWN, (name, value) -> known(theirs.get(name)));
    ours.forEach(
        (name, value) -> {
          if (!value.equals(theirs.get(name))) {
            throw new IllegalArgumentException(
                folder
                    + " has parts of another series: its "
                    + name
                    + " is "
                    + theirs.get(name)
                    + ", not "
                    + value
                    + "; name another folder");
          }
        });
  }

  /** Whether a file is neither the series' nor what was to become that. */
  private static boolean isForeign(FileStatus file) {
    return !begun(file).equals(Optional.of(SERIES));
  }

  private Map<String, String> words() {
    Map<String, String> words = new LinkedHashMap<>();
    words.put("model", Codec.of(model).fingerprint());
    words.put("images", model.image().toString());
    words.put("seed", String.valueOf(drawing.seed()));
    words.put("first image", String.valueOf(drawing.first()));
    words.put("images per part", String.valueOf(each));
    words.put("temperature", String.valueOf(drawing.temperature()));
    words.put("executor", drawing.executor());
    words.put("order", order());
    words.put("conditions", conditions(""));
    words.put(KNOWN, known(""));
    return words;
  }

  private String order() {
    int[] positions = drawing.order();
    Sha256 digest = new Sha256();
    for (int position : positions == null ? model.definition().order().positions() : positions) {
      digest.add(position);
    }
    return digest.hex();
  }

  /** What the first images are conditioned on; how many, since the count may grow. */
  private String conditions(String theirs) {
    long images = probes(theirs);
    Sha256 digest = new Sha256();
    for (long i = 0; i < images; i++) {
      ConditionValues values = drawing.conditions().conditions(drawing.first() + i);
      for (Condition condition : model.conditions()) {
        digest.add(values.feature(condition));
      }
    }
    return digest.hex() + OF_FIRST + images;
  }

  /** What is known of the first images, likewise. */
  private String known(String theirs) {
    if (drawing.known() == null) {
      return NOTHING;
    }
    long images = probes(theirs);
    Sha256 digest = new Sha256();
    for (long i = 0; i < images; i++) {
      KnownPixels known = drawing.known().known(drawing.first() + i);
      int[] levels = known.levels();
      for (int position = 0; position < model.image().pixels(); position++) {
        boolean isKnown = known.mask().isKnown(position);
        digest.add(isKnown ? 1 : 0);
        for (int c = 0; isKnown && c < model.image().channels(); c++) {
          digest.add(levels[position * model.image().channels() + c]);
        }
      }
    }
    return digest.hex() + OF_FIRST + images;
  }

  /** As many images as the other series was told by, where there are as many. */
  private long probes(String theirs) {
    String number = theirs.substring(theirs.lastIndexOf(' ') + 1);
    boolean isNumber = number.matches("[0-9]{1,9}");
    return Math.min(drawing.count(), isNumber ? Long.parseLong(number) : PROBES);
  }

  private static Jobs.Work<DrawnBlock.Range, String> writing(
      Shipment shipment, Drawing drawing, String folder) {
    return part ->
        WorkerModels.use(
            shipment,
            opened -> {
              ImageSpec image = opened.model().image();
              int[] levels = new int[Math.multiplyExact(part.images(), image.values())];
              drawing.draw(
                  opened.model(),
                  part.first(),
                  part.images(),
                  (at, drawn) ->
                      System.arraycopy(
                          drawn.levels(), 0, levels, at * image.values(), image.values()));
              write(new Path(folder, name(part)), ImageSet.of(image, levels));
              return Likeness.host();
            });
  }

  /** Writes a part on a worker; two that write it at a time write the same. */
  private static void write(Path file, ImageSet images) {
    try {
      FileSystem files = system(file, SparkHadoopUtil.get().conf());
      write(files, file, out -> NumpyFile.write(out, images));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  interface Content {
    void writeTo(OutputStream out) throws IOException;
  }

  /** Writes a file beside its place, and moves it there when it is whole. */
  static void write(FileSystem files, Path file, Content content) throws IOException {
    Path beside = new Path(file.getParent(), "." + file.getName() + "." + UUID.randomUUID());
    boolean moved = false;
    try {
      try (OutputStream out = new BufferedOutputStream(files.create(beside, true))) {
        content.writeTo(out);
      }
      long written = length(files, beside);
      if (written == ABSENT) {
        throw new IOException(beside + " was taken away while it was being written");
      }
      if (written == length(files, file)) {
        return; // The same from another task, which may have been counted.
      }
      if (files.exists(file)) {
        files.delete(file, false); // A part that was too short.
      }
      moved = files.rename(beside, file) || files.exists(file);
      if (!moved) {
        throw new IOException(file + " cannot be written: " + beside + " does not move there");
      }
    } finally {
      if (files.exists(beside)) {
        files.delete(beside, false);
      }
    }
  }

  private static long length(FileSystem files, Path file) throws IOException {
    try {
      return files.getFileStatus(file).getLen();
    } catch (FileNotFoundException e) {
      return ABSENT;
    }
  }
}
