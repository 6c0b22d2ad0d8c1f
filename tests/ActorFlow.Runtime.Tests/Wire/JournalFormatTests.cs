using System.Collections;
using System.Reflection;
using ActorFlow.Core.Workflows;
using ActorFlow.Runtime.Wire;
using Google.Protobuf;

namespace ActorFlow.Runtime.Tests.Wire;

public sealed class JournalFormatTests
{
    public static TheoryData<string> Samples => [.. JournalSamples.All.Keys];

    public static TheoryData<string> Types => [.. typeof(WorkflowEvent).GetNestedTypes().Where(type => type.IsSubclassOf(typeof(WorkflowEvent))).Select(type => type.Name)];

    private static CommitBatch Batch(string sample) => new([JournalSamples.Commit(JournalSamples.All[sample])]);

    [Fact]
    public void Every_event_has_a_sample_named_after_it()
    {
        var events = typeof(WorkflowEvent).GetNestedTypes(BindingFlags.Public).Where(type => type.IsSubclassOf(typeof(WorkflowEvent))).ToHashSet();

        Assert.Equal(38, events.Count);
        Assert.Equal(events, JournalSamples.All.Values.Select(e => e.GetType()).ToHashSet());
        Assert.All(JournalSamples.All, sample => Assert.Equal(sample.Value.GetType().Name, sample.Key.Split('.')[0]));
    }

    [Fact]
    public void Every_optional_field_of_every_event_is_both_present_and_absent_in_a_sample()
    {
        var seen = new Dictionary<(Type, string), HashSet<bool>>();
        foreach (var sample in JournalSamples.All.Values)
        {
            Look(sample, seen);
        }

        // RetryAt, Progress, two Undos, NextIterationAt, LoopError, Input and Error, at the least.
        Assert.InRange(seen.Count, 8, int.MaxValue);
        Assert.Empty(seen.Where(field => field.Value.Count < 2).Select(field => field.Key));
    }

    private static void Look(object value, Dictionary<(Type, string), HashSet<bool>> seen)
    {
        var nullability = new NullabilityInfoContext();
        foreach (var property in value.GetType().GetProperties().Where(property => property.GetIndexParameters().Length == 0))
        {
            var member = property.GetValue(value);
            if (nullability.Create(property).ReadState == NullabilityState.Nullable)
            {
                var key = (value.GetType(), property.Name);
                seen.TryAdd(key, []);
                seen[key].Add(member is not null);
            }

            foreach (var inner in member is IEnumerable many and not string ? many.Cast<object?>() : [member])
            {
                if (inner is not null && inner.GetType().Namespace == typeof(WorkflowEvent).Namespace && !inner.GetType().IsValueType)
                {
                    Look(inner, seen);
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void An_event_is_the_same_after_a_round_trip(string sample) =>
        Assert.Equal(Description.Of(Batch(sample)), Description.Of(JournalFormat.Read(JournalFormat.Write(Batch(sample)))));

    [Theory]
    [MemberData(nameof(Types))]
    public void An_event_with_every_field_set_loses_none_of_them(string type)
    {
        var filled = (WorkflowEvent)Filled.Of(typeof(WorkflowEvent).GetNestedType(type)!);
        Assert.Empty(Filled.Unset(filled));

        var read = Assert.Single(JournalFormat.Read(JournalFormat.Write(new([JournalSamples.Commit(filled)]))).Commits[0].Events);

        Assert.Equal(Description.Of(filled), Description.Of(read));
    }

    [Fact]
    public void A_row_of_several_commits_is_the_same_after_a_round_trip()
    {
        var row = new CommitBatch(JournalSamples.Row);

        Assert.Equal(Description.Of(row), Description.Of(JournalFormat.Read(JournalFormat.Write(row))));
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void The_bytes_of_an_event_never_change(string sample)
    {
        var bytes = JournalFormat.Write(Batch(sample));

        Assert.Equal(GoldenFile.Of(sample, bytes), Convert.ToHexStringLower(bytes));
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void An_event_written_long_ago_is_still_read(string sample) =>
        Assert.Equal(
            Description.Of(Batch(sample)),
            Description.Of(JournalFormat.Read(Convert.FromHexString(GoldenFile.Of(sample, JournalFormat.Write(Batch(sample)))))));

    [Fact]
    public void There_is_no_golden_file_without_its_sample() =>
        Assert.Equal(JournalSamples.All.Keys, GoldenFile.Names);

    [Fact]
    public void An_event_of_a_later_version_is_refused_by_name()
    {
        var future = Field(2, 3, Field(2, 99, []));

        var error = Assert.Throws<InvalidOperationException>(() => JournalFormat.Read(Field(2, 1, future)));

        Assert.Contains("later", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_field_that_a_later_version_added_to_a_known_event_is_passed_over()
    {
        byte[] skipped = [.. Field(2, 2, [8, 1, 16, 2]), .. Field(2, 99, [1, 2, 3])];

        var batch = JournalFormat.Read(Field(2, 1, [8, 10, .. Field(2, 3, skipped)]));

        Assert.Equal(new WorkflowEvent.TaskSkipped(1, 2), Assert.Single(Assert.Single(batch.Commits).Events));
    }

    [Fact]
    public void Half_a_character_in_a_text_does_not_keep_a_row_from_being_written()
    {
        var row = new CommitBatch([JournalSamples.Commit(new WorkflowEvent.CancelRequested("a\uD800b"))]);

        Assert.Equal(new WorkflowEvent.CancelRequested("a\uFFFDb"), Assert.Single(JournalFormat.Read(JournalFormat.Write(row)).Commits[0].Events));
    }

    /// <summary>One length-delimited Protobuf field.</summary>
    private static byte[] Field(int wireType, int number, byte[] content)
    {
        using var stream = new MemoryStream();
        using (var output = new CodedOutputStream(stream, leaveOpen: true))
        {
            output.WriteUInt32((uint)((number << 3) | wireType));
            output.WriteBytes(ByteString.CopyFrom(content));
        }

        return stream.ToArray();
    }
}
