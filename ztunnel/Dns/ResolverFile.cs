using Ambient.Ztunnel.Files;
using Microsoft.Extensions.Logging;

namespace Ambient.Ztunnel.Dns;

/// <summary>
/// The resolver configuration in force: that of a resolv.conf, read again whenever it changes. What cannot be read, is too large, or names no
/// server while an earlier version did (a file that is being rewritten) leaves the last good one in force. Thread-safe.
/// </summary>
internal sealed class ResolverFile
{
    private const long MostBytes = 64 * 1024;

    private readonly string _path;
    private readonly ILogger _logger;
    private readonly WatchedFile _file;
    private volatile ResolverConfiguration _current = new();

    /// <param name="path">Read at once; as for the system's resolver, a file that is not there means a server on 127.0.0.1.</param>
    /// <param name="logger">Told of versions that are not used.</param>
    /// <param name="time">Paces the looks.</param>
    public ResolverFile(string path, ILogger logger, TimeProvider time)
    {
        _path = path;
        _logger = logger;
        _file = new WatchedFile(path, Apply, logger, time) { MaxBytes = MostBytes };
        if (!File.Exists(path))
        {
            DnsLog.NoConfiguration(logger, path);
        }
        else
        {
            _file.Load();
        }
    }

    public ResolverConfiguration Current => _current;

    /// <summary>Follows the file until cancelled.</summary>
    public Task WatchAsync(CancellationToken cancellation) => _file.WatchAsync(cancellation);

    private bool Apply(string text)
    {
        ResolverConfiguration read = ResolverConfiguration.Parse(text);
        if (!read.NamesServer && _current.NamesServer)
        {
            DnsLog.NoServer(_logger, _path);
            return false;
        }

        _current = read;
        return true;
    }
}
