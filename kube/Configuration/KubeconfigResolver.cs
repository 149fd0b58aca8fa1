namespace Ambient.Kube.Configuration;

/// <summary>Turns the chosen context of a kubeconfig into a configuration.</summary>
internal static class KubeconfigResolver
{
    private const int MaxFileBytes = 1024 * 1024;

    /// <summary>Fields of a user that we do not act on: going on without them would be somebody else's request.</summary>
    private static readonly (string Field, string Advice)[] Unsupported =
    [
        ("auth-provider", "is not supported, as in kubectl since 1.26; use exec"),
        ("username", "is not supported: API servers have no basic authentication since 1.19; use a token, a certificate or exec"),
        ("as", "is not supported: use a context whose user may do this itself"),
        ("as-uid", "is not supported: use a context whose user may do this itself"),
    ];

    /// <param name="files">The kubeconfig.</param>
    /// <param name="contextName">The context; null for the current one.</param>
    /// <param name="time">For what is read again or expires.</param>
    /// <exception cref="KubernetesConfigurationException">Something is missing or wrong; the message names the file and the field.</exception>
    public static KubernetesConfiguration Resolve(Kubeconfig files, string? contextName, TimeProvider time)
    {
        string name = contextName ?? files.CurrentContext ?? throw new KubernetesConfigurationException(
            $"{string.Join(", ", files.Files)}: current-context is not set; choose one with --context or kubectl config use-context.");
        KubeconfigSection context = files.Context(name);
        KubeconfigSection cluster = files.Cluster(context.Required("cluster"));
        KubeconfigSection? user = context.Text("user") is { } userName ? files.User(userName) : null;
        return new KubernetesConfiguration(ReadServer(cluster))
        {
            Trust = ReadTrust(cluster),
            TlsServerName = cluster.Text("tls-server-name"),
            Proxy = ReadProxy(cluster),
            Credentials = user is null ? FixedCredentials.None : ReadCredentials(user, cluster, time),
            Namespace = context.Text("namespace") ?? "default",
        };
    }

    private static Uri ReadServer(KubeconfigSection cluster)
    {
        string server = cluster.Required("server");
        return Uri.TryCreate(server, UriKind.Absolute, out Uri? uri) && uri.Scheme is "https" or "http" && uri.UserInfo.Length == 0
            ? uri
            : throw cluster.ErrorAt("server", "must be a URL: https://host:port");
    }

    private static Uri? ReadProxy(KubeconfigSection cluster)
    {
        if (cluster.Text("proxy-url") is not { } proxy)
        {
            return null;
        }

        return Uri.TryCreate(proxy, UriKind.Absolute, out Uri? uri) && uri.Scheme is "http" or "https" or "socks5"
            ? uri
            : throw cluster.ErrorAt("proxy-url", "must be a URL with http, https or socks5");
    }

    private static ServerTrust ReadTrust(KubeconfigSection cluster)
    {
        const string DataField = "certificate-authority-data";
        const string FileField = "certificate-authority";
        byte[]? pem = ReadInlineOrFile(cluster, DataField, FileField, out string origin);
        if (!cluster.Flag("insecure-skip-tls-verify"))
        {
            return pem is null ? ServerTrust.System : ServerTrust.FromPem(pem, origin);
        }

        return pem is null
            ? ServerTrust.Unchecked
            : throw cluster.ErrorAt("insecure-skip-tls-verify", "contradicts the certificate authority; remove one of them");
    }

    private static IClientCredentials ReadCredentials(KubeconfigSection user, KubeconfigSection cluster, TimeProvider time)
    {
        foreach ((string field, string advice) in Unsupported)
        {
            if (user.Has(field))
            {
                throw user.ErrorAt(field, advice);
            }
        }

        IClientCredentials tokens = ReadTokens(user, cluster, time);
        return ReadCertificate(user, time) is { } certificate ? new CertificateCredentials(tokens, certificate) : tokens;
    }

    /// <summary>A file of tokens comes before a token, and either before a plugin.</summary>
    private static IClientCredentials ReadTokens(KubeconfigSection user, KubeconfigSection cluster, TimeProvider time)
    {
        if (user.FilePath("tokenFile") is { } file)
        {
            return new TokenFileCredentials(file, time);
        }

        if (user.Text("token") is { } token)
        {
            return token.Any(char.IsWhiteSpace) || token.Any(char.IsControl)
                ? throw user.ErrorAt("token", "must be one word")
                : new FixedCredentials(new ClientCredential(token, null));
        }

        KubeconfigSection exec = user.Child("exec");
        return exec.Exists ? new ExecCredentials(ExecPlugin.Read(exec, cluster), time) : FixedCredentials.None;
    }

    private static Func<ClientCertificate>? ReadCertificate(KubeconfigSection user, TimeProvider time)
    {
        const string CertificateData = "client-certificate-data";
        const string CertificateFile = "client-certificate";
        const string KeyData = "client-key-data";
        const string KeyFile = "client-key";
        bool hasCertificate = user.Text(CertificateData) is not null || user.Text(CertificateFile) is not null;
        bool hasKey = user.Text(KeyData) is not null || user.Text(KeyFile) is not null;
        if (hasCertificate != hasKey)
        {
            throw user.ErrorAt(hasCertificate ? KeyFile : CertificateFile, "is missing: a client certificate needs both");
        }

        if (!hasCertificate)
        {
            return null;
        }

        if (user.Text(CertificateData) is null && user.Text(KeyData) is null)
        {
            var files = new ClientCertificateFiles(user.FilePath(CertificateFile)!, user.FilePath(KeyFile)!, time);
            _ = files.Current();
            return files.Current;
        }

        byte[] certificatePem = ReadInlineOrFile(user, CertificateData, CertificateFile, out string origin)!;
        byte[] keyPem = ReadInlineOrFile(user, KeyData, KeyFile, out _)!;
        ClientCertificate certificate = ClientCertificate.FromPem(certificatePem, keyPem, origin);
        return () => certificate;
    }

    /// <summary>What is written inline wins over a file.</summary>
    internal static byte[]? ReadInlineOrFile(KubeconfigSection section, string dataField, string fileField, out string origin)
    {
        origin = $"{section.File}: {section.Path}.{dataField}";
        if (section.Base64(dataField) is { } inline)
        {
            return inline;
        }

        origin = $"{section.File}: {section.Path}.{fileField}";
        return section.FilePath(fileField) is { } path ? ConfigurationFile.Read(path, $"file of {origin},", MaxFileBytes) : null;
    }
}
