using Ambient.Mesh.Collections;

namespace Ambient.UnitTests.Mesh;

public class PersistentMapTests
{
    [Theory]
    [InlineData(1, int.MaxValue)]
    [InlineData(2, 64)]
    [InlineData(3, 3)]
    [InlineData(4, 1)]
    public void Agrees_with_a_dictionary_whatever_the_hashes(int seed, int distinctHashes)
    {
        Random random = new(seed);
        Dictionary<Key, int> model = [];
        PersistentMap<Key, int> map = PersistentMap<Key, int>.Empty;
        object? owner = null;
        for (int step = 0; step < 4000; step++)
        {
            Key key = new(random.Next(400), distinctHashes);
            if (random.Next(3) == 0)
            {
                map = map.Remove(key, owner);
                model.Remove(key);
            }
            else
            {
                map = map.Set(key, step, owner);
                model[key] = step;
            }

            if (step % 100 == 0)
            {
                owner = random.Next(2) == 0 ? new object() : null;
                AssertSame(model, map);
            }
        }

        AssertSame(model, map);
    }

    [Theory]
    [InlineData(int.MaxValue)]
    [InlineData(5)]
    public void Later_changes_leave_earlier_maps_alone(int distinctHashes)
    {
        Random random = new(7);
        List<(Dictionary<Key, int> Model, PersistentMap<Key, int> Map)> kept = [];
        Dictionary<Key, int> model = [];
        PersistentMap<Key, int> map = PersistentMap<Key, int>.Empty;
        for (int batch = 0; batch < 60; batch++)
        {
            object owner = new();
            for (int step = 0; step < 50; step++)
            {
                Key key = new(random.Next(200), distinctHashes);
                bool remove = random.Next(2) == 0;
                map = remove ? map.Remove(key, owner) : map.Set(key, random.Next(), owner);
                if (remove)
                {
                    model.Remove(key);
                }
                else
                {
                    model[key] = map.GetValueOrDefault(key);
                }
            }

            kept.Add((new Dictionary<Key, int>(model), map));
        }

        Assert.All(kept, pair => AssertSame(pair.Model, pair.Map));
    }

    [Fact]
    public void Removing_everything_leaves_the_empty_map()
    {
        PersistentMap<Key, int> map = PersistentMap<Key, int>.Empty;
        for (int key = 0; key < 1000; key++)
        {
            map = map.Set(new Key(key, 50), key);
        }

        for (int key = 0; key < 1000; key++)
        {
            map = map.Remove(new Key(key, 50));
        }

        Assert.Same(PersistentMap<Key, int>.Empty, map);
        Assert.Same(map, map.Remove(new Key(1, 50)));
    }

    private static void AssertSame(Dictionary<Key, int> model, PersistentMap<Key, int> map)
    {
        Assert.Equal(model.Count, map.Count);
        Assert.Equal(model.OrderBy(pair => pair.Key.Value), map.OrderBy(pair => pair.Key.Value));
        Assert.All(model, pair => Assert.Equal(pair.Value, map.GetValueOrDefault(pair.Key)));
        Assert.False(map.ContainsKey(new Key(-1, int.MaxValue)));
    }

    private readonly record struct Key(int Value, int DistinctHashes)
    {
        public bool Equals(Key other) => Value == other.Value;

        public override int GetHashCode() => unchecked((Value % DistinctHashes) * (int)0x9E3779B1);
    }
}
