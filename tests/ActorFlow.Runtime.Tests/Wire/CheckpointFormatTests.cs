using System.Text;
using ActorFlow.Core.Workflows;
using ActorFlow.Core.Workflows.Running;
using ActorFlow.Runtime.Checkpoints;
using ActorFlow.Runtime.Wire;

namespace ActorFlow.Runtime.Tests.Wire;

public sealed class CheckpointFormatTests
{
    private static readonly WorkflowCheckpoint Small = new(7, [], ImageSamples.Full);

    private static readonly WorkflowCheckpoint Large = new(
        8, [new("big", 8, DateTimeOffset.UnixEpoch)], ImageSamples.Full with { Input = Text(20_000) });

    public static TheoryData<TaskPhase> TaskPhases => [.. Enum.GetValues<TaskPhase>()];

    public static TheoryData<Enum> BodyPhases => [.. Enum.GetValues<TaskExecutionPhase>()];

    [Fact]
    public void A_checkpoint_with_every_field_set_loses_none_of_them()
    {
        var filled = (WorkflowCheckpoint)Filled.Of(typeof(WorkflowCheckpoint));
        Assert.Empty(Filled.Unset(filled));
        Assert.Empty(Filled.Unset(filled.State));
        Assert.Empty(Filled.Unset(filled.State.Scopes[0].Tasks[0].Execution!));

        var read = CheckpointFormat.Read(CheckpointFormat.Write(filled));

        Assert.Equal(Description.Of(filled), Description.Of(read));
    }

    [Fact]
    public void Over_4_KB_it_is_compressed_and_below_it_is_not()
    {
        Assert.Equal(0, CheckpointFormat.Write(Small)[0]);
        var bytes = CheckpointFormat.Write(Large);

        Assert.Equal(1, bytes[0]);
        Assert.InRange(bytes.Length, 1, 10_000);
        Assert.Equal(Description.Of(Large), Description.Of(CheckpointFormat.Read(bytes)));
    }

    [Fact]
    public void What_compression_does_not_make_smaller_is_stored_as_it_is()
    {
        var noise = new byte[48_000];
        new Random(1).NextBytes(noise);
        var checkpoint = Small with { State = ImageSamples.Bare with { Definition = new("n", 1, "h"), Input = Payload.FromTrustedUtf8(noise) } };
        noise[0] = (byte)'"';

        var bytes = CheckpointFormat.Write(checkpoint);

        Assert.Equal(0, bytes[0]);
        Assert.Equal(checkpoint.State.Input, CheckpointFormat.Read(bytes).State.Input);
    }

    [Fact]
    public void A_compressed_checkpoint_written_long_ago_is_still_read()
    {
        var bytes = Convert.FromHexString(GoldenFile.Of("Checkpoints/compressed", CheckpointFormat.Write(Large)));

        Assert.Equal(Description.Of(Large), Description.Of(CheckpointFormat.Read(bytes)));
    }

    [Theory]
    [MemberData(nameof(TaskPhases))]
    public void Every_phase_of_a_task_is_read_back(TaskPhase phase) =>
        Assert.Equal(phase, Assert.Single(RoundTrip(new TaskImage { Phase = phase }).Tasks).Phase);

    [Theory]
    [MemberData(nameof(BodyPhases))]
    public void Every_phase_of_a_body_is_read_back(Enum phase) =>
        Assert.Equal(phase, Assert.Single(RoundTrip(new TaskImage { Execution = new() { Phase = (TaskExecutionPhase)phase } }).Tasks).Execution!.Phase);

    [Fact]
    public void The_stored_numbers_of_phases_never_change()
    {
        Assert.Equal(
            "TaskPending 0, TaskRunning 1, TaskCompleted 2, TaskFailed 3, TaskSkipped 4, TaskCancelled 5",
            Numbers<Runtime.Wire.Journal.TaskPhase>());
        Assert.Equal(
            "TaskExecutionQueued 0, TaskExecutionReady 1, TaskExecutionAttempting 2, TaskExecutionWaiting 3, TaskExecutionDelaying 4, TaskExecutionOpen 5, TaskExecutionAwaitingSignal 6, "
            + "TaskExecutionAwaitingAnswer 7, TaskExecutionAwaitingChild 8, TaskExecutionCompleted 9, TaskExecutionFailed 10, TaskExecutionCancelled 11",
            Numbers<Runtime.Wire.Journal.TaskExecutionPhase>());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_checkpoint_cut_off_anywhere_is_refused(bool compressed)
    {
        var bytes = CheckpointFormat.Write(compressed ? Large : Small);

        Assert.All(Enumerable.Range(0, bytes.Length), length =>
            Assert.Throws<InvalidDataException>(() => CheckpointFormat.Read(bytes.AsSpan(0, length))));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_checkpoint_with_any_byte_damaged_is_refused(bool compressed)
    {
        var bytes = CheckpointFormat.Write(compressed ? Large : Small);
        var random = new Random(20_261_123);

        Assert.All(Enumerable.Range(0, bytes.Length), at =>
        {
            byte[] damaged = [.. bytes];
            damaged[at] ^= (byte)random.Next(1, 256);
            Assert.Throws<InvalidDataException>(() => CheckpointFormat.Read(damaged));
        });
    }

    private static ScopeImage RoundTrip(TaskImage task) => Assert.Single(CheckpointFormat.Read(CheckpointFormat.Write(
        new(1, [], ImageSamples.Bare with { Scopes = [new(0, default, null, null, [task])] }))).State.Scopes);

    private static string Numbers<TEnum>() where TEnum : struct, Enum =>
        string.Join(", ", Enum.GetValues<TEnum>().Select(value => $"{value} {Convert.ToInt32(value)}"));

    private static Payload Text(int length)
    {
        var text = new StringBuilder(length);
        for (var i = 0; text.Length < length; i++)
        {
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"line {i * 7919} of the order; ");
        }

        return Payload.FromString(text.ToString());
    }
}
