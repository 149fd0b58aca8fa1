using System.Globalization;
using Ambient.Redirection.Commands;

namespace Ambient.Lab.Observation;

/// <summary>What curl saw of one request.</summary>
internal sealed record CurlResult(int ExitCode, int Status, string Body, string Error)
{
    /// <summary>Printed by curl behind the body; <see cref="Parse"/> takes it off again.</summary>
    public const string Format = "\n%{http_code} %{size_request} %{size_header} %{size_download}";

    public long BytesSent { get; init; }

    public long BytesReceived { get; init; }

    public bool Succeeded => ExitCode == 0 && Status is >= 200 and < 300;

    public static CurlResult Parse(ProgramResult result)
    {
        string output = result.StandardOutput;
        int end = output.LastIndexOf('\n');
        long[] numbers = [.. output[(end + 1)..].Split(' ').Select(word => long.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : 0)];
        return numbers.Length == 4
            ? new CurlResult(result.ExitCode, (int)numbers[0], output[..Math.Max(end, 0)], result.StandardError.Trim())
            {
                BytesSent = numbers[1],
                BytesReceived = numbers[2] + numbers[3],
            }
            : new CurlResult(result.ExitCode, 0, output, result.StandardError.Trim());
    }

    public override string ToString() => ExitCode == 0 ? $"{Status} {FirstLine(Body)}" : $"curl {ExitCode}: {FirstLine(Error)}";

    private static string FirstLine(string text) => text.Split('\n')[0];
}
