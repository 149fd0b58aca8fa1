using System.Collections.Immutable;
using System.Globalization;
using System.Net;

namespace Ambient.Ztunnel.Dns;

/// <summary>What the system's resolv.conf says (resolv.conf(5)), with the limits that the C library has.</summary>
internal sealed record ResolverConfiguration
{
    public const int Port = 53;

    private const int MostServers = 3;
    private const int MostSearchDomains = 32;
    private const int MostDots = 15;
    private const int MostSeconds = 30;
    private const int MostAttempts = 5;

    /// <summary>Asked in this order.</summary>
    public ImmutableArray<IPEndPoint> Servers { get; init; } = [new(IPAddress.Loopback, Port)];

    /// <summary>Whether the file named one; else it is this machine, as the system does.</summary>
    public bool NamesServer { get; init; }

    /// <summary>Lower case, without a final dot.</summary>
    public ImmutableArray<string> SearchDomains { get; init; } = [];

    /// <summary>A name with that many dots is tried as it is before the search domains are.</summary>
    public int Dots { get; init; } = 1;

    /// <summary>For one round over the servers.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Rounds over the servers.</summary>
    public int Attempts { get; init; } = 2;

    /// <summary>Begin with another server each time.</summary>
    public bool Rotates { get; init; }

    /// <summary>Never ask over UDP.</summary>
    public bool OnlyTcp { get; init; }

    /// <summary>Lines and options that are not understood are passed over, as the C library does.</summary>
    public static ResolverConfiguration Parse(string text)
    {
        ResolverConfiguration result = new() { Servers = [] };
        foreach (string line in text.Split('\n'))
        {
            string[] words = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (words.Length >= 2 && words[0][0] is not ('#' or ';'))
            {
                result = result.With(words[0], words.AsSpan(1));
            }
        }

        return result.Servers.IsEmpty ? result with { Servers = new ResolverConfiguration().Servers } : result;
    }

    private ResolverConfiguration With(string keyword, ReadOnlySpan<string> words) => keyword switch
    {
        "nameserver" => WithServer(words[0]),
        "domain" => this with { SearchDomains = Domains(words[..1]) },
        "search" => this with { SearchDomains = Domains(words) },
        "options" => WithOptions(words),
        _ => this,
    };

    private ResolverConfiguration WithServer(string text) =>
        Servers.Length < MostServers && IPAddress.TryParse(text, out IPAddress? address)
            ? this with { Servers = Servers.Add(new IPEndPoint(address, Port)), NamesServer = true }
            : this;

    private static ImmutableArray<string> Domains(ReadOnlySpan<string> words)
    {
        ImmutableArray<string>.Builder domains = ImmutableArray.CreateBuilder<string>();
        foreach (string word in words[..Math.Min(words.Length, MostSearchDomains)])
        {
            string domain = word.TrimEnd('.').ToLowerInvariant();
            if (domain.Length > 0)
            {
                domains.Add(domain);
            }
        }

        return domains.DrainToImmutable();
    }

    private ResolverConfiguration WithOptions(ReadOnlySpan<string> words)
    {
        ResolverConfiguration result = this;
        foreach (string word in words)
        {
            int colon = word.IndexOf(':', StringComparison.Ordinal);
            int? number = colon > 0 && int.TryParse(word.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int parsed)
                ? parsed
                : null;
            result = (colon < 0 ? word : word[..colon], number) switch
            {
                ("ndots", { } dots) => result with { Dots = Math.Min(dots, MostDots) },
                ("timeout", > 0 and var seconds) => result with { Timeout = TimeSpan.FromSeconds(Math.Min(seconds, MostSeconds)) },
                ("attempts", > 0 and var attempts) => result with { Attempts = Math.Min(attempts, MostAttempts) },
                ("rotate", null) => result with { Rotates = true },
                ("use-vc", null) => result with { OnlyTcp = true },
                _ => result,
            };
        }

        return result;
    }
}
