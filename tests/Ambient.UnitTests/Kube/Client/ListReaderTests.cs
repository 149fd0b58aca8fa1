using System.Text;
using System.Text.Json;
using Ambient.Kube.Client;
using Ambient.Testing;

namespace Ambient.UnitTests.Kube.Client;

public sealed class ListReaderTests
{
    private const int MaxObjectBytes = 256 * 1024;

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(4096)]
    [InlineData(1 << 20)]
    public async Task A_list_reads_the_same_however_its_bytes_arrive(int pieceBytes)
    {
        string text = Thing.List("77", Enumerable.Range(0, 200).Select(index => Thing.Text($"thing-{index}", $"{index}", extra: $",\"spec\":{{\"deep\":[[{index}]],\"text\":\"ä\\\"]}}\"}}")));

        (List<Thing> items, ListReader<Thing> reader) = await ReadAsync(Encoding.UTF8.GetBytes(text), pieceBytes);

        Assert.Equal("77", reader.Metadata.ResourceVersion);
        Assert.Equal(Enumerable.Range(0, 200).Select(index => $"thing-{index}"), items.Select(item => item.Metadata.Name));
        Assert.Equal("ä\"]}", items[9].Other!["spec"].GetProperty("text").GetString());
    }

    [Fact]
    public async Task Objects_are_handed_over_while_the_rest_of_the_list_is_still_on_its_way()
    {
        var body = new ScriptedBody();
        var first = new TaskCompletionSource<Thing>(TaskCreationOptions.RunContinuationsAsynchronously);
        var reader = new ListReader<Thing>(ThingJson.Default.Thing, MaxObjectBytes, item => first.TrySetResult(item));
        Task reading = reader.ReadAsync(body, CancellationToken.None);
        string text = Thing.List("7", Thing.Text("a", "1"), Thing.Text("b", "2"));
        int comma = text.IndexOf("},{", StringComparison.Ordinal);

        body.Send(text[..(comma + 1)]);

        Assert.Equal("a", (await first.Task.WaitAsync(TimeSpan.FromSeconds(30))).Metadata.Name);
        Assert.False(reading.IsCompleted);
        body.Send(text[(comma + 1)..]);
        body.End();
        await reading;
    }

    [Fact]
    public async Task A_long_list_is_read_no_further_ahead_than_a_few_objects()
    {
        const int ObjectBytes = 20_000;
        byte[] text = Encoding.UTF8.GetBytes(Thing.List("7", Enumerable.Range(0, 400).Select(index => Thing.Text($"thing-{index}", "1", extra: $",\"spec\":\"{new string('x', ObjectBytes)}\""))));
        using var stream = new PiecewiseStream(text, 1 << 20);
        int count = 0;
        long furthest = 0;
        var reader = new ListReader<Thing>(ThingJson.Default.Thing, MaxObjectBytes, _ => furthest = Math.Max(furthest, stream.Position - (++count * ObjectBytes)));

        await reader.ReadAsync(stream, CancellationToken.None);

        Assert.Equal(400, count);
        Assert.InRange(furthest, 1, 128 * 1024);
    }

    [Fact]
    public async Task An_object_longer_than_allowed_ends_the_list()
    {
        string text = Thing.List("7", Thing.Text("a", "1", extra: $",\"spec\":\"{new string('x', MaxObjectBytes)}\""));

        KubernetesException error = await Assert.ThrowsAsync<KubernetesException>(() => ReadAsync(Encoding.UTF8.GetBytes(text), 8192));

        Assert.Contains("longer than 262144 bytes", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_object_nested_without_end_is_refused()
    {
        string deep = string.Concat(Enumerable.Repeat("[", 200)) + string.Concat(Enumerable.Repeat("]", 200));
        string text = Thing.List("7", Thing.Text("a", "1", extra: $",\"spec\":{deep}"));

        await Assert.ThrowsAnyAsync<JsonException>(() => ReadAsync(Encoding.UTF8.GetBytes(text), 8192));
    }

    [Fact]
    public async Task An_object_as_deep_as_a_schema_is_read()
    {
        string deep = string.Concat(Enumerable.Repeat("""{"properties":""", 90)) + "1" + new string('}', 90);
        string text = Thing.List("7", Thing.Text("a", "1", extra: $",\"spec\":{deep}"));

        (List<Thing> items, _) = await ReadAsync(Encoding.UTF8.GetBytes(text), 100);

        Assert.Equal(deep, items[0].Other!["spec"].GetRawText());
    }

    [Theory]
    [InlineData("""{"items":null,"metadata":{"resourceVersion":"5"}}""", "5")]
    [InlineData("""{"metadata":{"resourceVersion":"6"}}""", "6")]
    [InlineData("""{"other":{"items":[{}]},"items":[],"metadata":{"resourceVersion":"7","continue":""}}""", "7")]
    public async Task A_list_may_be_empty_in_every_way(string text, string version)
    {
        (List<Thing> items, ListReader<Thing> reader) = await ReadAsync(Encoding.UTF8.GetBytes(text), 5);

        Assert.Empty(items);
        Assert.Equal(version, reader.Metadata.ResourceVersion);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("""{"items":{}}""")]
    [InlineData("""{"items":[null]}""")]
    [InlineData("""{"items":[1]}""")]
    [InlineData("""{"items":[]} {}""")]
    [InlineData("""{"items":[{"metadata":{"name":"a"}}""")]
    public async Task What_is_not_a_whole_list_is_an_error(string text) =>
        await Assert.ThrowsAnyAsync<JsonException>(() => ReadAsync(Encoding.UTF8.GetBytes(text), 3));

    [Fact]
    public async Task Bytes_changed_at_random_are_an_error_or_a_list_and_never_anything_else()
    {
        byte[] good = Encoding.UTF8.GetBytes(Thing.List("77", Enumerable.Range(0, 5).Select(index => Thing.Text($"t{index}", "1", extra: ""","spec":{"a":[1,2,"x"]}"""))));
        var random = new Random(20260301);
        int refused = 0;
        for (int round = 0; round < FuzzRounds.Scale(3000); round++)
        {
            try
            {
                await ReadAsync(Mutation.Of(good, random), random.Next(1, 200));
            }
            catch (Exception error) when (error is JsonException or KubernetesException)
            {
                refused++;
            }
        }

        Assert.True(refused > 1000, $"{refused} refused");
    }

    private static async Task<(List<Thing> Items, ListReader<Thing> Reader)> ReadAsync(byte[] text, int pieceBytes)
    {
        List<Thing> items = [];
        var reader = new ListReader<Thing>(ThingJson.Default.Thing, MaxObjectBytes, items.Add);
        await reader.ReadAsync(new PiecewiseStream(text, pieceBytes), CancellationToken.None);
        return (items, reader);
    }
}
