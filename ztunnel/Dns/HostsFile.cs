using System.Collections.Immutable;
using System.Net;
using Microsoft.Extensions.Logging;

namespace Ambient.Ztunnel.Dns;

/// <summary>Names that the system knows without asking anybody (hosts(5)).</summary>
internal sealed class HostsFile
{
    public const string SystemPath = "/etc/hosts";

    private const long MostBytes = 1024 * 1024;

    private readonly Dictionary<string, ImmutableArray<IPAddress>> _byName = new(StringComparer.OrdinalIgnoreCase);

    private HostsFile()
    {
    }

    public static HostsFile Empty { get; } = new();

    public static HostsFile Load(string path, ILogger logger)
    {
        try
        {
            if (new FileInfo(path).Length <= MostBytes)
            {
                return Parse(File.ReadAllText(path));
            }

            DnsLog.NoHosts(logger, path, $"more than {MostBytes} bytes");
        }
        catch (FileNotFoundException)
        {
            return Empty;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            DnsLog.NoHosts(logger, path, error.Message);
        }

        return Empty;
    }

    /// <summary>Lines that are not an address and names are passed over.</summary>
    public static HostsFile Parse(string text)
    {
        HostsFile hosts = new();
        foreach (string line in text.Split('\n'))
        {
            string[] words = line.Split('#', 2)[0].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (words.Length < 2 || !IPAddress.TryParse(words[0], out IPAddress? address))
            {
                continue;
            }

            foreach (string name in words.AsSpan(1))
            {
                hosts._byName[name] = hosts.Find(name).Add(address);
            }
        }

        return hosts;
    }

    /// <summary>Empty when the file does not have the name.</summary>
    public ImmutableArray<IPAddress> Find(string name) => _byName.GetValueOrDefault(name, []);
}
