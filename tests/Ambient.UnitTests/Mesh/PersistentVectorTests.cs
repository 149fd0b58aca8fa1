using Ambient.Mesh.Collections;

namespace Ambient.UnitTests.Mesh;

public class PersistentVectorTests
{
    [Theory]
    [InlineData(1, 20)]
    [InlineData(2, 1_100)]
    [InlineData(3, 200_000)]
    [InlineData(4, int.MaxValue)]
    public void Agrees_with_a_dictionary_and_later_changes_leave_earlier_vectors_alone(int seed, int indexes)
    {
        Random random = new(seed);
        List<(Dictionary<int, string> Model, PersistentVector<string> Vector)> kept = [];
        Dictionary<int, string> model = [];
        PersistentVector<string> vector = PersistentVector<string>.Empty;
        for (int batch = 0; batch < 40; batch++)
        {
            object? owner = random.Next(4) == 0 ? null : new object();
            for (int step = 0; step < 50; step++)
            {
                int index = random.Next(indexes);
                if (random.Next(3) == 0)
                {
                    vector = vector.Set(index, null, owner);
                    model.Remove(index);
                }
                else
                {
                    model[index] = $"{batch}/{step}";
                    vector = vector.Set(index, model[index], owner);
                }
            }

            kept.Add((new Dictionary<int, string>(model), vector));
        }

        foreach ((Dictionary<int, string> expected, PersistentVector<string> held) in kept)
        {
            foreach (int index in model.Keys.Union(expected.Keys).Append(random.Next(indexes)))
            {
                Assert.Equal(expected.GetValueOrDefault(index), held[index]);
            }
        }
    }

    [Fact]
    public void What_was_never_set_is_not_there()
    {
        Assert.Null(PersistentVector<string>.Empty[0]);
        PersistentVector<string> vector = PersistentVector<string>.Empty.Set(5, "five");
        Assert.Equal("five", vector[5]);
        Assert.Null(vector[4]);
        Assert.Null(vector[5 + VectorSlots.Count]);
        Assert.Null(vector[int.MaxValue]);
    }
}
