package io.weft.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataDownloadTest {

  private static final byte[] BODY =
      "five hundred digits".repeat(500).getBytes(StandardCharsets.UTF_8);
  private static final String CHECKSUM = checksum();

  @TempDir Path folder;

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final CountDownLatch ended = new CountDownLatch(1);
  private final AtomicInteger requests = new AtomicInteger();
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/file", exchange -> answer(exchange, 200, BODY));
    server.createContext("/gone", exchange -> answer(exchange, 404, BODY));
    server.createContext(
        "/moved",
        exchange -> {
          exchange.getResponseHeaders().add("Location", "/file");
          answer(exchange, 302, new byte[1]);
        });
    server.createContext("/endless", this::endless);
    server.createContext("/stalled", this::stalled);
    server.createContext("/broken", DataDownloadTest::broken);
    server.start();
  }

  @AfterEach
  void stop() {
    ended.countDown();
    server.stop(0);
    threads.shutdownNow();
  }

  private void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
    requests.incrementAndGet();
    exchange.sendResponseHeaders(status, body.length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(body);
    }
  }

  private void endless(HttpExchange exchange) throws IOException {
    exchange.sendResponseHeaders(200, 0);
    try (OutputStream out = exchange.getResponseBody()) {
      while (ended.getCount() > 0) {
        out.write(BODY);
      }
    }
  }

  private void stalled(HttpExchange exchange) throws IOException {
    exchange.sendResponseHeaders(200, BODY.length);
    exchange.getResponseBody().write(BODY, 0, 10);
    exchange.getResponseBody().flush();
    try {
      ended.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    exchange.close();
  }

  private static void broken(HttpExchange exchange) throws IOException {
    exchange.sendResponseHeaders(200, BODY.length);
    exchange.getResponseBody().write(BODY, 0, 10);
    exchange.close();
  }

  private URI at(String path) {
    return URI.create("http://localhost:" + server.getAddress().getPort() + path);
  }

  private <T extends Exception> String refusal(Class<T> type, DataDownload download, String path)
      throws IOException {
    Path target = folder.resolve("target");
    String message =
        assertThrows(type, () -> download.fetch(at(path), CHECKSUM, target)).getMessage();
    try (Stream<Path> left = Files.list(folder)) {
      assertEquals(0, left.count(), "files left behind");
    }
    return message;
  }

  @Test
  void aFileIsFetchedOnce() throws IOException {
    Path target = folder.resolve("a/b/file");
    new DataDownload().fetch(at("/file"), CHECKSUM, target);
    assertArrayEquals(BODY, Files.readAllBytes(target));
    new DataDownload().fetch(at("/file"), CHECKSUM.toUpperCase(java.util.Locale.ROOT), target);
    assertEquals(1, requests.get());
  }

  @Test
  void redirectsAreFollowed() throws IOException {
    Path target = folder.resolve("file");
    new DataDownload().fetch(at("/moved"), CHECKSUM, target);
    assertArrayEquals(BODY, Files.readAllBytes(target));
  }

  @Test
  void aWrongChecksumKeepsNothing() {
    Path target = folder.resolve("file");
    String zeros = "0".repeat(64);
    String message =
        assertThrows(
                DataFormatException.class,
                () -> new DataDownload().fetch(at("/file"), zeros, target))
            .getMessage();
    assertTrue(message.contains("found SHA-256 " + CHECKSUM + "; expected " + zeros), message);
    assertFalse(Files.exists(target));
  }

  @Test
  void anotherFileInTheWayIsNotTouched() throws IOException {
    Path target = Files.writeString(folder.resolve("file"), "mine");
    assertThrows(
        DataFormatException.class, () -> new DataDownload().fetch(at("/file"), CHECKSUM, target));
    assertEquals("mine", Files.readString(target));
    assertEquals(0, requests.get());
  }

  @Test
  void whatTheServerDoesWrongIsTold() throws IOException {
    DataDownload download = new DataDownload(BODY.length, Duration.ofSeconds(60));
    assertTrue(refusal(IOException.class, download, "/gone").contains("answered 404"));
    assertTrue(refusal(IOException.class, download, "/broken").contains("download failed"));
    String endless = refusal(DataFormatException.class, download, "/endless");
    assertTrue(endless.contains("found more than " + BODY.length + " bytes"), endless);
  }

  @Test
  void aServerThatStallsIsLeft() throws IOException {
    DataDownload download = new DataDownload(BODY.length, Duration.ofMillis(300));
    assertTrue(refusal(IOException.class, download, "/stalled").contains("not done within"));
  }

  @Test
  void aServerThatIsNotThereIsTold() throws IOException {
    server.stop(0);
    String message = refusal(IOException.class, new DataDownload(), "/file");
    assertTrue(message.contains("Check the address and the network"), message);
  }

  @Test
  void anInterruptedThreadStopsWaiting() throws IOException {
    Thread.currentThread().interrupt();
    refusal(java.util.concurrent.CancellationException.class, new DataDownload(), "/stalled");
    assertTrue(Thread.interrupted());
  }

  @Test
  void callsAreChecked() {
    Path target = folder.resolve("x");
    DataDownload download = new DataDownload();
    assertThrows(
        IllegalArgumentException.class,
        () -> download.fetch(URI.create("file:///etc/hosts"), CHECKSUM, target));
    assertThrows(IllegalArgumentException.class, () -> download.fetch(at("/file"), "abc", target));
    assertThrows(IllegalArgumentException.class, () -> new DataDownload(0, Duration.ofSeconds(1)));
    assertThrows(IllegalArgumentException.class, () -> new DataDownload(1, Duration.ZERO));
  }

  @Test
  void mnistComesFromAnyMirrorWithTheOriginalChecksums() throws IOException {
    Path real = TestData.real("mnist").orElse(null);
    Assumptions.assumeTrue(real != null, "no ../shared/data/mnist");
    server.createContext(
        "/mirror/",
        exchange -> {
          String path = exchange.getRequestURI().getPath();
          byte[] body = Files.readAllBytes(real.resolve(path.substring("/mirror/".length())));
          answer(exchange, 200, body);
        });
    Mnist.download(at("/mirror"), folder.resolve("mnist"));
    assertEquals(10_000, Mnist.test(folder.resolve("mnist")).size());
    Mnist.download(at("/mirror/"), folder.resolve("mnist"));
    assertEquals(4, requests.get());
  }

  @Test
  void aMirrorOfSomethingElseIsRefused() {
    server.createContext("/other/", exchange -> answer(exchange, 200, BODY));
    assertThrows(
        DataFormatException.class, () -> Mnist.download(at("/other/"), folder.resolve("mnist")));
  }

  private static String checksum() {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(BODY));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
