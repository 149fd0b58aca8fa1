using System.Globalization;
using Ambient.ControlPlane.Distribution;

namespace Ambient.UnitTests.ControlPlane.Distribution;

public sealed class ResourceLogTests
{
    private readonly ResourceLog _log = new(maxRemovals: 100);

    [Fact]
    public void A_new_reader_gets_everything_that_is_there_once()
    {
        Publish(("a", 1), ("b", 1));
        Publish(("a", 2), ("c", 1), ("b", null));

        Assert.Equal(["a=2", "c=1"], Read(_log.Join()));
    }

    [Fact]
    public void A_reader_gets_what_changed_since_its_last_read_in_its_newest_state()
    {
        LogReader reader = _log.Join();
        Publish(("a", 1), ("b", 1));
        Read(reader);

        Publish(("a", 2));
        Publish(("a", 3));
        Publish(("b", null));

        Assert.Equal(["a=3", "-b"], Read(reader));
        Assert.Empty(Read(reader));
    }

    [Fact]
    public void What_was_removed_and_came_back_is_not_reported_as_removed()
    {
        LogReader reader = _log.Join();
        Publish(("a", 1), ("b", 1));
        Read(reader);

        Publish(("a", null));
        Publish(("a", 2));

        Assert.Equal(["a=2"], Read(reader));
    }

    [Fact]
    public void What_is_published_again_unchanged_is_no_news()
    {
        LogReader reader = _log.Join();
        Publish(("a", 1));
        Read(reader);

        Assert.Empty(Publish(("a", 1), ("never-there", null)));
        Assert.Empty(Read(reader));
    }

    [Fact]
    public void Only_names_under_which_nothing_is_there_are_missing()
    {
        Publish(("a", 1), ("b", 1));
        Publish(("b", null));

        Assert.Equal(["b", "c"], _log.Missing(["a", "b", "c"]));
        Assert.Equal(1, _log.Count);
    }

    [Fact]
    public void A_reader_for_whom_too_many_removals_wait_is_left_behind_and_the_others_are_not()
    {
        LogReader slow = _log.Join();
        LogReader quick = _log.Join();
        for (int round = 0; round < 200; round++)
        {
            string name = round.ToString(CultureInfo.InvariantCulture);
            Publish((name, 1));
            Read(quick);
            if (round == 0)
            {
                Read(slow);
            }

            Publish((name, null));
            Read(quick);
        }

        Assert.True(slow.IsLeftBehind);
        Assert.False(quick.IsLeftBehind);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Readers_that_follow_at_any_pace_end_with_what_is_there(int seed)
    {
        Random random = new(seed);
        Dictionary<string, int> truth = [];
        (LogReader Reader, Dictionary<string, int> State)[] readers = [.. Enumerable.Range(0, 5).Select(_ => (_log.Join(), new Dictionary<string, int>()))];
        for (int round = 0; round < 5_000; round++)
        {
            string name = random.Next(40).ToString(CultureInfo.InvariantCulture);
            int? value = random.Next(3) == 0 ? null : random.Next(5);
            Publish((name, value));
            Apply(truth, name, value);
            (LogReader reader, Dictionary<string, int> state) = readers[random.Next(readers.Length)];
            Follow(reader, state);
        }

        foreach ((LogReader reader, Dictionary<string, int> state) in readers)
        {
            Follow(reader, state);

            Assert.Equal(truth.OrderBy(entry => entry.Key), state.OrderBy(entry => entry.Key));
        }

        Assert.Equal(truth.Count, _log.Count);
    }

    private static void Apply(Dictionary<string, int> state, string name, int? value)
    {
        if (value is { } some)
        {
            state[name] = some;
        }
        else
        {
            state.Remove(name);
        }
    }

    private void Follow(LogReader reader, Dictionary<string, int> state)
    {
        // Removals last, as a node applies them.
        foreach (PublishedResource resource in _log.Read(reader).OrderBy(resource => resource.Content is null))
        {
            Apply(state, resource.Name, resource.Content is { } content ? int.Parse(content.Version, CultureInfo.InvariantCulture) : null);
        }
    }

    private IReadOnlyList<PublishedResource> Publish(params (string Name, int? Value)[] batch) => _log.Publish(
        [.. batch.Select(change => (new ResourceKey(ResourceKind.Workload, change.Name), change.Value is { } value ? Content(value) : null))]);

    private string[] Read(LogReader reader) =>
        [.. _log.Read(reader).Select(resource => resource.Content is { } content ? $"{resource.Name}={content.Version}" : $"-{resource.Name}")];

    private static EncodedResource Content(int value) => new()
    {
        Version = value.ToString(CultureInfo.InvariantCulture),
        Body = [],
        Aliases = [],
        Services = [],
        Node = string.Empty,
    };
}
