namespace Ambient.Tls.Interop;

/// <summary>Counts native objects that are alive, so that a test can prove that none is left behind.</summary>
internal static class LiveObjects
{
    private static int s_contexts;
    private static int s_connections;
    private static int s_secrets;
    private static int s_ciphers;
    private static int s_certificates;

    /// <summary>SSL_CTX objects.</summary>
    public static int Contexts => Volatile.Read(ref s_contexts);

    /// <summary>SSL objects, each with its two memory BIOs.</summary>
    public static int Connections => Volatile.Read(ref s_connections);

    /// <summary>Blocks of native memory that hold secrets or keys.</summary>
    public static int Secrets => Volatile.Read(ref s_secrets);

    /// <summary>EVP_CIPHER_CTX objects.</summary>
    public static int Ciphers => Volatile.Read(ref s_ciphers);

    /// <summary>X509, X509_STORE and EVP_PKEY objects.</summary>
    public static int Certificates => Volatile.Read(ref s_certificates);

    public static void AddContext(int change) => Interlocked.Add(ref s_contexts, change);

    public static void AddConnection(int change) => Interlocked.Add(ref s_connections, change);

    public static void AddSecret(int change) => Interlocked.Add(ref s_secrets, change);

    public static void AddCipher(int change) => Interlocked.Add(ref s_ciphers, change);

    public static void AddCertificate(int change) => Interlocked.Add(ref s_certificates, change);
}
