using System.Globalization;
using System.Numerics;
using System.Text.Json;
using Ambient.Cli.Output;

namespace Ambient.Cli.Dumps;

/// <summary>The certificates that a proxy holds for the workloads of its node: a line for each, those above it included.</summary>
internal static class CertificateSection
{
    private static readonly string[] Columns =
        ["CERTIFICATE NAME", "TYPE", "STATUS", "VALID CERT", "SERIAL NUMBER", "NOT AFTER", "NOT BEFORE"];

    private const int MaxSerialDigits = 64;

    public static Section Read(Dump dump, Filter filter, DateTimeOffset now)
    {
        IReadOnlyList<JsonElement> all = dump.Section(Dump.Certificates);
        JsonElement[] taken = [.. all
            .Where(certificate => Takes(filter, certificate.Text("identity")))
            .OrderBy(certificate => certificate.Text("identity"), StringComparer.Ordinal)];
        return new Section(
            new Listing(Columns, Columns.Length, [.. taken.SelectMany(certificate => Rows(certificate, now))], taken),
            [.. all.Select(certificate => Part(certificate.Text("identity"), "/ns/")).Distinct()],
            [],
            WorkloadSection.Distinct(all, "identity"));
    }

    private static bool Takes(Filter filter, string identity) =>
        filter.TakesNamespace(Part(identity, "/ns/")) && (filter.TakesName("", identity) || filter.TakesName(Part(identity, "/ns/"), Part(identity, "/sa/")));

    // spiffe://domain/ns/NAMESPACE/sa/ACCOUNT
    private static string Part(string identity, string before)
    {
        int start = identity.IndexOf(before, StringComparison.Ordinal);
        if (start < 0)
        {
            return "";
        }

        string rest = identity[(start + before.Length)..];
        int end = rest.IndexOf('/');
        return end < 0 ? rest : rest[..end];
    }

    private static IEnumerable<string[]> Rows(JsonElement certificate, DateTimeOffset now)
    {
        string name = certificate.Text("identity");
        string state = certificate.Text("state");
        JsonElement[] chain = [.. certificate.Items("certChain")];
        if (chain.Length == 0)
        {
            yield return [name, "Leaf", state, "false", "", "", ""];
        }

        for (int index = 0; index < chain.Length; index++)
        {
            yield return Row(name, index == 0 ? "Leaf" : "Intermediate", state, chain[index], now);
        }

        foreach (JsonElement root in certificate.Items("rootCerts"))
        {
            yield return Row(name, "Root", state, root, now);
        }
    }

    private static string[] Row(string name, string type, string state, JsonElement certificate, DateTimeOffset now)
    {
        string from = certificate.Text("validFrom");
        string until = certificate.Text("expirationTime");
        bool valid = Time(from) is { } start && Time(until) is { } end && start <= now && now < end;
        return [name, type, state, valid ? "true" : "false", Serial(certificate.Text("serialNumber")), until, from];
    }

    private static DateTimeOffset? Time(string text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time) ? time : null;

    // In hexadecimal, as other tools print it; a dump has it in decimal.
    private static string Serial(string text) =>
        text.Length <= MaxSerialDigits && BigInteger.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out BigInteger serial)
            ? Convert.ToHexStringLower(serial.ToByteArray(isUnsigned: true, isBigEndian: true))
            : text;
}
