using Ambient.Certs.Revocation;
using Ambient.Ztunnel.Files;
using Microsoft.Extensions.Logging;

namespace Ambient.Ztunnel.Certificates;

/// <summary>
/// CRL_PATH: read at start and whenever it changes. A missing file revokes nothing until it appears; an invalid one leaves the last good
/// version in force (node-proxy 5.6).
/// </summary>
internal sealed class RevocationFile(string path, RevocationWatch watch, ILogger logger, TimeProvider time)
{
    public void Start(CancellationToken cancellation)
    {
        WatchedFile file = WatchedFile.OfBytes(path, Apply, logger, time);
        if (File.Exists(path))
        {
            file.Load();
        }
        else
        {
            RevocationLog.Missing(logger, path);
        }

        _ = file.WatchAsync(cancellation);
    }

    private bool Apply(byte[] content)
    {
        try
        {
            int ended = watch.Load(content);
            RevocationLog.Loaded(logger, path, watch.ListCount, watch.EntryCount, ended);
            return true;
        }
        catch (RevocationFormatException error)
        {
            RevocationLog.Refused(logger, path, error.Message);
            return false;
        }
    }
}
