using Ambient.Hbone.Http2.Streams;

namespace Ambient.UnitTests.Http2.Streams;

public class StreamTableTests
{
    [Theory]
    [InlineData(2)]
    [InlineData(1_024)]
    [InlineData(65_536)]
    public void Behaves_like_a_dictionary_whatever_the_distance_of_ids(int distance)
    {
        Random random = new(distance);
        StreamTable table = new();
        Dictionary<int, Http2Stream> model = [];
        int next = 1;
        for (int step = 0; step < 20_000; step++)
        {
            if (model.Count < 200 && random.Next(2) == 0)
            {
                Http2Stream stream = new(next, 0, default);
                table.Add(stream);
                model.Add(next, stream);
                next = (next + distance) & int.MaxValue;
            }
            else if (model.Count > 0)
            {
                int id = model.Keys.ElementAt(random.Next(model.Count));
                table.Remove(id);
                table.Remove(id);
                model.Remove(id);
                Assert.Null(table.Find(id));
            }

            Assert.Equal(model.Count, table.Count);
            foreach (int id in model.Keys.Take(5))
            {
                Assert.Same(model[id], table.Find(id));
            }
        }

        Assert.Equal(model.Keys.Order(), table.Snapshot().Select(stream => stream.Id).Order());
    }

    [Fact]
    public void Has_no_stream_zero()
    {
        StreamTable table = new();
        table.Add(new Http2Stream(1, 0, default));
        Assert.Null(table.Find(0));
    }

    [Fact]
    public void Remembers_how_the_latest_streams_ended_and_forgets_older_ones()
    {
        ClosedStreams closed = new();
        Assert.Equal(StreamEnd.Unknown, closed.Find(1));
        for (int id = 1; id < 2 * 3_000; id += 2)
        {
            closed.Add(id, (StreamEnd)(1 + (id / 2 % 3)));
        }

        for (int id = 2 * 2_000 + 1; id < 2 * 3_000; id += 2)
        {
            Assert.Equal((StreamEnd)(1 + (id / 2 % 3)), closed.Find(id));
        }

        Assert.Equal(StreamEnd.Unknown, closed.Find(1));
        closed.Add(int.MaxValue, StreamEnd.ResetHere);
        Assert.Equal(StreamEnd.ResetHere, closed.Find(int.MaxValue));
    }
}
