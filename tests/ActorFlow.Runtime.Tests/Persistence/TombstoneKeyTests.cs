using System.Security.Cryptography;
using System.Text;
using ActorFlow.Runtime.Persistence;
using ActorFlow.Runtime.Workflows;

namespace ActorFlow.Runtime.Tests.Persistence;

public sealed class TombstoneKeyTests
{
    [Fact]
    public void An_id_that_the_engine_made_is_its_own_key()
    {
        var id = Guid.CreateVersion7();

        Assert.Equal(id, TombstoneKey.Of(id.ToString("n")));
    }

    [Fact]
    public void Every_other_id_stands_before_those_that_time_orders()
    {
        string[] ids = ["a", "", new('x', 200), "order/bill", Guid.CreateVersion7().ToString("n").ToUpperInvariant(), new('0', 32), new('g', 32)];

        Assert.All(ids, id => Assert.Equal(0, TombstoneKey.Of(id).ToBytes()[0]));
        Assert.Equal(ids.Length, ids.Select(TombstoneKey.Of).Distinct().Count());
    }

    [Fact]
    public void An_id_in_capitals_is_another_id()
    {
        const string Id = "019b0a0b0c0d7e0f8a0b0c0d0e0f0a0b";

        Assert.NotEqual(TombstoneKey.Of(Id), TombstoneKey.Of(Id.ToUpperInvariant()));
    }

    [Fact]
    public void No_id_can_be_made_to_share_the_key_of_another()
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes("a")).AsSpan(0, 16).ToArray();
        var asIs = Convert.ToHexStringLower(hash);
        hash[0] = 0;

        Assert.NotEqual(TombstoneKey.Of("a"), TombstoneKey.Of(asIs));
        Assert.NotEqual(TombstoneKey.Of("a"), TombstoneKey.Of(Convert.ToHexStringLower(hash)));
    }

    [Fact]
    public void A_journal_has_the_key_of_its_run()
    {
        Assert.Equal(TombstoneKey.Of("a"), TombstoneKey.OfJournal(PersistenceIds.Of("a")));
        Assert.NotEqual(TombstoneKey.Of("a"), TombstoneKey.OfJournal("a"));
    }
}
