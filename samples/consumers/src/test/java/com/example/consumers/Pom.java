package com.example.consumers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/** A pom, as far as these tests read it. */
record Pom(String source, Element root) {

  static Pom read(Path file) {
    try (var in = Files.newInputStream(file)) {
      Element root =
          DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(in).getDocumentElement();
      return new Pom(Files.readString(file), root);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (SAXException | ParserConfigurationException e) {
      throw new IllegalStateException(file + " is no pom", e);
    }
  }

  /** Returns what an element of the project says; nothing where there is none. */
  String text(String name) {
    return text(root, name);
  }

  /** Returns the dependencies as {@code group:artifact:version:classifier}. */
  List<String> dependencies() {
    NodeList all = root.getElementsByTagName("dependency");
    return IntStream.range(0, all.getLength())
        .mapToObj(i -> (Element) all.item(i))
        .map(
            d ->
                String.join(
                    ":",
                    text(d, "groupId"),
                    text(d, "artifactId"),
                    text(d, "version"),
                    text(d, "classifier")))
        .toList();
  }

  private static String text(Element of, String name) {
    for (Node child = of.getFirstChild(); child != null; child = child.getNextSibling()) {
      if (child.getNodeName().equals(name)) {
        return child.getTextContent().strip();
      }
    }
    return "";
  }
}
