using System.Text;
using Ambient.Kube.Client;
using Ambient.Testing;

namespace Ambient.UnitTests.Kube.Client;

public sealed class LineReaderTests
{
    [Fact]
    public async Task Lines_of_any_length_come_whole_however_they_arrive_and_a_last_one_without_end_does_not()
    {
        var random = new Random(5);
        for (int round = 0; round < FuzzRounds.Scale(200); round++)
        {
            string[] lines = [.. Enumerable.Range(0, random.Next(20)).Select(_ => new string((char)('a' + random.Next(26)), random.Next(random.Next(2) == 0 ? 10 : 40_000)))];
            byte[] bytes = Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => line + "\n")) + "cut");
            using var reader = new LineReader(new PiecewiseStream(bytes, random.Next(1, 20_000)), 50_000);

            List<string> read = [];
            while (await reader.ReadAsync(CancellationToken.None) is { } line)
            {
                read.Add(Encoding.UTF8.GetString(line.Span));
            }

            Assert.Equal(lines, read);
        }
    }
}
