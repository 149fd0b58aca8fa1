using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Ambient.Certs;

/// <summary>
/// root-cert.pem and root-key.pem in one directory. Processes that start at once agree on one root: the first to get the lock
/// makes it, the others load it.
/// </summary>
[SuppressMessage("Interoperability", "CA1416", Justification = "File modes; this runs on Linux alone")]
internal sealed class LocalRootFiles(string directory, TimeProvider time)
{
    public const string CertificateFile = "root-cert.pem";
    public const string KeyFile = "root-key.pem";
    private const string LockFile = ".root-lock";
    private const int MaxFileBytes = 64 * 1024;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private static readonly TimeSpan LockTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LockRetry = TimeSpan.FromMilliseconds(20);

    private string CertificatePath => Path.Combine(directory, CertificateFile);

    private string KeyPath => Path.Combine(directory, KeyFile);

    /// <exception cref="LocalRootException">The directory or its files cannot be used.</exception>
    public async Task<LocalRoot> LoadOrCreateAsync(CancellationToken cancellation)
    {
        try
        {
            Directory.CreateDirectory(directory, OwnerOnly | UnixFileMode.UserExecute);
            using FileStream held = await LockAsync(cancellation);
            return (File.Exists(CertificatePath), File.Exists(KeyPath)) switch
            {
                (true, true) => Load(),
                (false, false) => Create(),
                (bool hasCertificate, _) => throw new LocalRootException(
                    $"{(hasCertificate ? KeyPath : CertificatePath)} is missing beside {(hasCertificate ? CertificatePath : KeyPath)}: "
                    + "put it back, or delete the other file too to make a new root"),
            };
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new LocalRootException($"cannot use {directory} for the local root: {failure.Message}", failure);
        }
    }

    /// <summary>An advisory lock that the kernel releases when its holder dies, so that no stale lock can remain.</summary>
    private async Task<FileStream> LockAsync(CancellationToken cancellation)
    {
        string path = Path.Combine(directory, LockFile);
        long started = time.GetTimestamp();
        while (true)
        {
            try
            {
                return new FileStream(path, new FileStreamOptions
                {
                    Mode = FileMode.OpenOrCreate,
                    Access = FileAccess.ReadWrite,
                    Share = FileShare.None,
                    UnixCreateMode = OwnerOnly,
                });
            }
            catch (IOException) when (time.GetElapsedTime(started) < LockTimeout)
            {
                await Task.Delay(LockRetry, time, cancellation);
            }
        }
    }

    private LocalRoot Load()
    {
        if ((File.GetUnixFileMode(KeyPath) & ~OwnerOnly) != 0)
        {
            throw new LocalRootException($"{KeyPath} can be read by others: chmod 600 {KeyPath}");
        }

        ECDsa? key = null;
        try
        {
            X509Certificate2 certificate = X509Certificate2.CreateFromPem(File.ReadAllText(Bounded(CertificatePath)));
            key = ECDsa.Create();
            ImportKey(key);
            var root = new LocalRoot(certificate, key);
            if (root.Problem(time.GetUtcNow()) is not { } problem)
            {
                return root;
            }

            root.Dispose();
            throw new LocalRootException($"{CertificatePath}: {problem}; delete both files of {directory} to make a new root");
        }
        catch (Exception failure) when (failure is CryptographicException or ArgumentException)
        {
            key?.Dispose();
            throw new LocalRootException(
                $"{CertificatePath} or {KeyPath} is not a complete PEM file ({failure.Message}); delete both to make a new root", failure);
        }
    }

    /// <summary>The text of the key lies in memory that is cleared, never in a string.</summary>
    private void ImportKey(ECDsa key)
    {
        byte[] bytes = File.ReadAllBytes(Bounded(KeyPath));
        char[] text = GC.AllocateUninitializedArray<char>(bytes.Length, pinned: true);
        try
        {
            int length = Encoding.UTF8.GetChars(bytes, text);
            key.ImportFromPem(text.AsSpan(0, length));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
            Array.Clear(text);
        }
    }

    private LocalRoot Create()
    {
        LocalRoot root = LocalRoot.Generate(time.GetUtcNow());
        char[] keyPem = root.ExportKeyPem();
        byte[] keyBytes = Encoding.ASCII.GetBytes(keyPem);
        try
        {
            WriteAtomically(KeyPath, keyBytes, OwnerOnly);
            WriteAtomically(
                CertificatePath,
                Encoding.ASCII.GetBytes(root.Certificate.ExportCertificatePem() + "\n"),
                OwnerOnly | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
            return root;
        }
        finally
        {
            Array.Clear(keyPem);
            CryptographicOperations.ZeroMemory(keyBytes);
        }
    }

    /// <summary>Readers see the whole file or none: a rename is atomic, and the content reached the disk before it.</summary>
    private static void WriteAtomically(string path, byte[] content, UnixFileMode mode)
    {
        string temporary = path + ".new";
        File.Delete(temporary);
        using (var stream = new FileStream(temporary, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = mode,
        }))
        {
            stream.Write(content);
            stream.Flush(flushToDisk: true);
        }

        File.Move(temporary, path, overwrite: false);
    }

    private static string Bounded(string path) =>
        new FileInfo(path).Length <= MaxFileBytes ? path : throw new IOException($"{path} is larger than 64 KiB");
}
