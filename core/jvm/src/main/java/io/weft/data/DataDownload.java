package io.weft.data;

import io.weft.internal.files.AtomicFile;
import io.weft.internal.files.RegularFile;
import io.weft.internal.files.Sha256;
import io.weft.internal.files.WriteException;
import io.weft.internal.thread.Interruption;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Fetches a file over HTTP(S) and keeps it only if its checksum is right. A file that is already
 * there with the right checksum is not fetched again; a half file is never left.
 *
 * @param maxBytes the most that is accepted, at least 1
 * @param timeout the most that one whole download may take, more than nothing
 */
record DataDownload(long maxBytes, Duration timeout) {

  private static final String MOVE_AWAY = "Move it away to fetch it again.";

  private static final int OK = 200;

  /**
   * Checks the bounds.
   *
   * @throws IllegalArgumentException if one is not above 0
   */
  public DataDownload {
    if (maxBytes < 1 || timeout.isNegative() || timeout.isZero()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT, "at most %d bytes within %s; expected both above 0", maxBytes, timeout));
    }
  }

  /** Accepts up to 1 GiB within ten minutes. */
  public DataDownload() {
    this(1L << 30, Duration.ofMinutes(10));
  }

  /**
   * Fetches one file, following redirects, and blocks until it is there.
   *
   * @param source an http or https address
   * @param sha256 the SHA-256 of the file, 64 hexadecimal digits
   * @param target where to; missing parent folders are made
   * @return the target
   * @throws IllegalArgumentException if the address or the checksum has another form
   * @throws DataFormatException if what comes, or what is already there, has another checksum, or
   *     more comes than {@code maxBytes}
   * @throws java.util.concurrent.CancellationException if the thread is interrupted; no file is
   *     left
   * @throws IOException if the server cannot be reached, refuses, or takes too long
   */
  public Path fetch(URI source, String sha256, Path target) throws IOException {
    if (!"http".equalsIgnoreCase(source.getScheme())
        && !"https".equalsIgnoreCase(source.getScheme())) {
      throw new IllegalArgumentException(source + "; expected an http or https address");
    }
    String expected = sha256.toLowerCase(Locale.ROOT);
    if (!expected.matches("[0-9a-f]{64}")) {
      throw new IllegalArgumentException(
          "checksum '" + sha256 + "'; expected 64 hexadecimal digits (SHA-256)");
    }
    if (Files.exists(target)) {
      requireChecksum(target, checksum(target), expected, MOVE_AWAY);
      return target;
    }
    AtomicFile.write(
        target,
        out -> {
          Sha256 sum = new Sha256();
          download(source, sum.through(out));
          requireChecksum(
              source, sum.hex(), expected, "The file was not kept. Try again, or another mirror.");
        });
    return target;
  }

  private void download(URI source, OutputStream out) throws IOException {
    HttpClient client =
        HttpClient.newBuilder()
            .followRedirects(HttpClient.Redirect.NORMAL)
            .connectTimeout(timeout)
            .build();
    HttpRequest request = HttpRequest.newBuilder(source).build();
    CompletableFuture<HttpResponse<Void>> response =
        client.sendAsync(
            request,
            head ->
                head.statusCode() == OK
                    ? new BoundedBody(source, out, maxBytes)
                    : HttpResponse.BodySubscribers.discarding());
    try {
      int status = response.get(timeout.toNanos(), TimeUnit.NANOSECONDS).statusCode();
      if (status != OK) {
        throw new IOException(
            source + ": the server answered " + status + "; expected 200. Check the address.");
      }
    } catch (TimeoutException e) {
      throw new IOException(
          source + ": not done within " + timeout + ". Try again, or allow more time.", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Interruption.cancelled(e);
    } catch (ExecutionException e) {
      throw failure(source, e.getCause());
    } finally {
      response.cancel(true); // Ends the exchange if it still runs.
    }
  }

  private static IOException failure(URI source, Throwable cause) {
    for (Throwable t = cause; t != null; t = t.getCause()) {
      if (t instanceof DataFormatException || t instanceof WriteException) {
        return (IOException) t;
      }
    }
    String reason = Objects.requireNonNullElse(cause.getMessage(), cause.getClass().getName());
    return new IOException(
        source + ": download failed (" + reason + "). Check the address and the network.", cause);
  }

  private String checksum(Path file) throws IOException {
    DataFile.requireFile(file);
    if (Files.size(file) > maxBytes) {
      throw new DataFormatException(
          file, Files.size(file) + " bytes", "at most " + maxBytes, MOVE_AWAY);
    }
    Sha256 sum = new Sha256();
    try (InputStream in = RegularFile.open(file);
        OutputStream out = sum.through(OutputStream.nullOutputStream())) {
      in.transferTo(out);
    }
    return sum.hex();
  }

  private static void requireChecksum(Object source, String found, String expected, String advice)
      throws DataFormatException {
    if (!found.equals(expected)) {
      throw new DataFormatException(source, "SHA-256 " + found, expected, advice);
    }
  }
}
