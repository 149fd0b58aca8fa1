using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Ambient.ControlPlane.Serving;

/// <summary>
/// The server's certificate from files that somebody renews. They are read again at an interval, since what replaces a mounted volume is not
/// told reliably; files that cannot be used leave the last good ones in force.
/// </summary>
public sealed class FileCertificateSource : ICertificateSource
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private readonly CertificateFiles _files;
    private readonly Action<string, Exception?> _told;
    private readonly TimeProvider _time;
    private byte[] _hash;
    private volatile ServerCertificate _current;

    /// <param name="files">The files.</param>
    /// <param name="told">Told of a new certificate (no error), and of files that cannot be used.</param>
    /// <param name="time">Runs the interval.</param>
    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="CryptographicException">A file does not hold what it should.</exception>
    public FileCertificateSource(CertificateFiles files, Action<string, Exception?> told, TimeProvider time)
    {
        _files = files;
        _told = told;
        _time = time;
        (string certificate, string key, string roots) = Read();
        _hash = Hash(certificate, key, roots);
        _current = Load(certificate, key, roots);
    }

    public ServerCertificate Current => _current;

    /// <summary>Reads the files again and again, until it is cancelled; then returns.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        try
        {
            while (true)
            {
                await Task.Delay(Interval, _time, cancellation);
                Refresh();
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
        }
    }

    /// <summary>Takes over what the files hold now, if it differs and can be used.</summary>
    public void Refresh()
    {
        try
        {
            (string certificate, string key, string roots) = Read();
            byte[] hash = Hash(certificate, key, roots);
            if (!hash.AsSpan().SequenceEqual(_hash))
            {
                _current = Load(certificate, key, roots);
                _hash = hash;
                _told($"{_files.Certificate} was renewed; it is valid until {_current.Context.TargetCertificate.NotAfter.ToUniversalTime():u}", null);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or CryptographicException)
        {
            _told($"{_files.Certificate} and {_files.Key} cannot be used, the last good ones stay in force; put a PEM certificate and its key there", error);
        }
    }

    private (string Certificate, string Key, string Roots) Read() => (
        File.ReadAllText(_files.Certificate),
        File.ReadAllText(_files.Key),
        _files.ClientRoots is { } roots ? File.ReadAllText(roots) : string.Empty);

    private static byte[] Hash(params ReadOnlySpan<string> texts)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (string text in texts)
        {
            hash.AppendData(System.Text.Encoding.UTF8.GetBytes(text));
            hash.AppendData([0]);
        }

        return hash.GetHashAndReset();
    }

    private static ServerCertificate Load(string certificate, string key, string roots)
    {
        X509Certificate2 leaf = X509Certificate2.CreateFromPem(certificate, key);
        X509Certificate2Collection chain = [];
        chain.ImportFromPem(certificate);
        X509Certificate2Collection clientRoots = [];
        clientRoots.ImportFromPem(roots);
        return new ServerCertificate(SslStreamCertificateContext.Create(leaf, chain, offline: true), clientRoots);
    }
}
