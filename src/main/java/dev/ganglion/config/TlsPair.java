package dev.ganglion.config;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.pkcs.RSAPrivateKey;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;

/** A certificate and a private key that belong together, as they were read from PEM files. */
public final class TlsPair {
    private static final Pattern KEY = Pattern.compile(
            "-----BEGIN ((?:RSA |EC )?PRIVATE KEY)-----([A-Za-z0-9+/=\\s]+)-----END (?:RSA |EC )?PRIVATE KEY-----");
    private static final byte[] SAMPLE = "a certificate and its key".getBytes(StandardCharsets.US_ASCII);
    /** Larger files hold no certificates. */
    private static final long MAX_BYTES = 1_024 * 1_024;

    private final byte[] certPem;
    private final byte[] keyPem;
    private final X509Certificate certificate;

    private TlsPair(byte[] certPem, byte[] keyPem, X509Certificate certificate) {
        this.certPem = certPem;
        this.keyPem = keyPem;
        this.certificate = certificate;
    }

    /** Reports files that are not a certificate and its key. The message names the files, never their content. */
    public static final class InvalidPairException extends Exception {
        private static final long serialVersionUID = 1;

        private InvalidPairException(String problem) {
            super(problem);
        }
    }

    /** Reads the files. May block. */
    public static TlsPair read(TlsFiles files) throws InvalidPairException {
        byte[] cert = bytes(files.cert());
        byte[] key = bytes(files.key());
        X509Certificate certificate = certificates(cert, files.cert()).get(0);
        if (!signs(privateKey(key, files.key()), certificate)) {
            throw new InvalidPairException("%s and %s do not belong together: the key does not fit the certificate"
                    .formatted(files.cert(), files.key()));
        }
        return new TlsPair(cert, key, certificate);
    }

    /** Returns what is wrong with a file of certificates, if anything. May block. */
    static Optional<String> problemOfCertificates(Path file) {
        try {
            List<X509Certificate> unused = certificates(bytes(file), file);
            return Optional.empty();
        } catch (InvalidPairException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    /** The PEM text of the certificate and its chain. */
    public byte[] certPem() {
        return certPem.clone();
    }

    /** The PEM text of the private key. */
    public byte[] keyPem() {
        return keyPem.clone();
    }

    /** Describes that the certificate has expired or is not valid yet; empty if it is valid. */
    public Optional<String> invalidAt(Instant time) {
        Instant begin = certificate.getNotBefore().toInstant();
        Instant end = certificate.getNotAfter().toInstant();
        if (time.isAfter(end)) {
            return Optional.of("expired at " + end);
        }
        return time.isBefore(begin) ? Optional.of("is not valid before " + begin) : Optional.empty();
    }

    @Override
    public String toString() {
        return "TlsPair[" + certificate.getSubjectX500Principal() + "]";
    }

    private static byte[] bytes(Path file) throws InvalidPairException {
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw new InvalidPairException(file + " is larger than " + MAX_BYTES + " bytes");
            }
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new InvalidPairException(file + " cannot be read");
        }
    }

    private static List<X509Certificate> certificates(byte[] pem, Path file) throws InvalidPairException {
        try {
            List<X509Certificate> all =
                    CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(pem)).stream()
                            .map(X509Certificate.class::cast)
                            .toList();
            if (!all.isEmpty()) {
                return all;
            }
        } catch (CertificateException e) {
            // The message may repeat the content of the file, so it is not shown
        }
        throw new InvalidPairException(file + " contains no certificate in PEM format");
    }

    private static PrivateKey privateKey(byte[] pem, Path file) throws InvalidPairException {
        Matcher block = KEY.matcher(new String(pem, StandardCharsets.ISO_8859_1));
        if (!block.find()) {
            throw new InvalidPairException(file + " contains no unencrypted private key in PEM format");
        }
        try {
            byte[] der = Base64.getMimeDecoder().decode(block.group(2));
            PrivateKeyInfo info = switch (block.group(1)) {
                case "RSA PRIVATE KEY" -> rsa(der);
                case "EC PRIVATE KEY" -> ec(der);
                default -> PrivateKeyInfo.getInstance(der);
            };
            return KeyFactory.getInstance(algorithm(info)).generatePrivate(new PKCS8EncodedKeySpec(info.getEncoded()));
        } catch (GeneralSecurityException | IOException | IllegalArgumentException | IllegalStateException e) {
            throw new InvalidPairException(file + " contains no private key that this node can read");
        }
    }

    private static PrivateKeyInfo rsa(byte[] der) throws IOException {
        return new PrivateKeyInfo(
                new AlgorithmIdentifier(PKCSObjectIdentifiers.rsaEncryption, DERNull.INSTANCE),
                RSAPrivateKey.getInstance(der));
    }

    private static PrivateKeyInfo ec(byte[] der) throws IOException {
        ECPrivateKey key = ECPrivateKey.getInstance(der);
        return new PrivateKeyInfo(
                new AlgorithmIdentifier(X9ObjectIdentifiers.id_ecPublicKey, key.getParametersObject()), key);
    }

    private static String algorithm(PrivateKeyInfo info) {
        String id = info.getPrivateKeyAlgorithm().getAlgorithm().getId();
        if (id.equals(X9ObjectIdentifiers.id_ecPublicKey.getId())) {
            return "EC";
        }
        return id.equals(PKCSObjectIdentifiers.rsaEncryption.getId()) ? "RSA" : id;
    }

    /** Whether a signature of the key is one of the certificate's key. */
    private static boolean signs(PrivateKey key, X509Certificate certificate) {
        String algorithm = certificate.getPublicKey().getAlgorithm();
        if (!algorithm.equals(key.getAlgorithm())) {
            return false;
        }
        String scheme = switch (algorithm) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            default -> algorithm;
        };
        try {
            Signature signature = Signature.getInstance(scheme);
            signature.initSign(key);
            signature.update(SAMPLE);
            byte[] signed = signature.sign();
            signature.initVerify(certificate.getPublicKey());
            signature.update(SAMPLE);
            return signature.verify(signed);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }
}
